package dev.wavetank.core.certificates;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.bouncycastle.util.encoders.DecoderException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * One block of a PEM text.
 *
 * <p>Follows encoding/pem of Go.
 */
public final class PemBlock {

  /** Type of the block of a certificate. */
  public static final String CERTIFICATE = "CERTIFICATE";

  /** Type of the block of a request for one. */
  public static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";

  private final PemObject object;

  private PemBlock(PemObject object) {
    this.object = object;
  }

  /** The blocks of a text up to the first that is malformed; what is between them is skipped. */
  public static ImmutableList<PemBlock> all(String text) {
    ImmutableList.Builder<PemBlock> blocks = ImmutableList.builder();
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject next = reader.readPemObject(); next != null; next = reader.readPemObject()) {
        blocks.add(new PemBlock(next));
      }
    } catch (IOException | DecoderException e) {
      return blocks.build();
    }
    return blocks.build();
  }

  /** A block in PEM, lines of 64 characters, ending with a line break. */
  public static String encode(String type, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().replace("\r\n", "\n");
  }

  public String type() {
    return object.getType();
  }

  /** Whether there are lines such as {@code Proc-Type: 4,ENCRYPTED}. */
  public boolean hasHeaders() {
    return !object.getHeaders().isEmpty();
  }

  byte[] content() {
    byte[] content = object.getContent();
    return Arrays.copyOf(content, content.length);
  }
}

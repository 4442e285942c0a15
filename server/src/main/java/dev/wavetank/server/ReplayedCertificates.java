package dev.wavetank.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.CertificateSigner;
import dev.wavetank.core.certificates.CertificateTemplate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates of a recorded session, given again in the same order. */
final class ReplayedCertificates implements CertificateSigner {

  private final String file;
  private final Instant notAfter;
  private final Deque<String> certificates = new ArrayDeque<>();

  private ReplayedCertificates(String file, Instant notAfter) {
    this.file = file;
    this.notAfter = notAfter;
  }

  /**
   * The certificates among the lines of a record; null when the session's authority was its own.
   *
   * @param file as errors name it
   */
  static @Nullable ReplayedCertificates of(String file, List<JsonNode> lines) {
    ReplayedCertificates found = null;
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      if (line.has("authority")) {
        try {
          found = new ReplayedCertificates(file, Instant.parse(line.path("authority").asText()));
        } catch (DateTimeParseException e) {
          throw new ScenarioException(file, i + 1, 1, "authority is no instant");
        }
      } else if (line.has("certificate") && found != null) {
        found.certificates.add(line.path("certificate").asText());
      }
    }
    return found;
  }

  @Override
  public Instant notAfter() {
    return notAfter;
  }

  @Override
  public String sign(CertificateRequest request, CertificateTemplate template) {
    String next = certificates.poll();
    if (next == null) {
      throw new ScenarioException(file, 1, 1, "the recorded session has no further certificate");
    }
    return next;
  }
}

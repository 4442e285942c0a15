package dev.wavetank.core.container.program.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.stream.ProcessClient;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.text.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TarTest {

  private final TestContainer pod = new TestContainer();

  private static byte[] archive(TarHeader header, byte[] content) {
    byte[] bytes = Arrays.copyOf(header.bytes(), 512 + (content.length + 511) / 512 * 512 + 1024);
    System.arraycopy(content, 0, bytes, 512, content.length);
    return bytes;
  }

  private static TarHeader file(String name, int size) {
    return new TarHeader(name, TarHeader.FILE, 0640, size, 1);
  }

  /** Hands bytes to a program in the container, a piece at a time. */
  private ProgramOutput feed(byte[] bytes, int piece, String... command) {
    ProgramInput in = ProgramInput.pipe();
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    ProcessClient client =
        new ProcessClient() {
          @Override
          public void out(String text) {
            out.append(text);
          }

          @Override
          public void err(String text) {
            err.append(text);
          }
        };
    ProgramOutput[] ended = new ProgramOutput[1];
    pod.container.exec(
        List.of(command), new ProcessStreams(in, client, null), output -> ended[0] = output);
    for (int at = 0; at < bytes.length; at += piece) {
      in.write(ByteText.text(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece))));
    }
    in.close();
    return new ProgramOutput(ended[0].exitCode(), out.toString(), err.toString());
  }

  @Test
  void aTreeGoesThereAndComesBack() {
    pod.sh(
        "mkdir -p /d/sub/empty; echo one > /d/1; printf '\\377\\000' > /d/sub/2; chmod 600 /d/1");
    ProgramOutput made = pod.sh("tar cf /t.tar /d && tar tf /t.tar");
    assertThat(made.stderr()).isEqualTo("tar: removing leading '/' from member names\n");
    assertThat(made.stdout()).isEqualTo("d/\nd/1\nd/sub/\nd/sub/2\nd/sub/empty/\n");
    assertThat(pod.sh("mkdir /x && tar -xmf - -C /x < /t.tar").exitCode()).isZero();
    assertThat(pod.container.file("/x/d/1")).isEqualTo("one\n");
    assertThat(pod.container.file("/x/d/sub/2")).isEqualTo(pod.container.file("/d/sub/2"));
    assertThat(pod.sh("ls -l /x/d/1").stdout()).startsWith("-rw-------");
    assertThat(pod.sh("ls -d /x/d/sub/empty").exitCode()).isZero();
  }

  @Test
  void anArchiveMayComeInPiecesOfAnySize() {
    byte[] content = new byte[1500];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) i;
    }
    byte[] archive = archive(file("f", content.length), content);
    for (int piece : new int[] {7, 512, 4000}) {
      assertThat(feed(archive, piece, "tar", "xf", "-", "-C", "/tmp").exitCode()).isZero();
      assertThat(ByteText.bytes(String.valueOf(pod.container.file("/tmp/f")))).isEqualTo(content);
    }
    assertThat(feed(archive, 99, "tar", "-xOf", "-").stdout()).isEqualTo(ByteText.text(content));
  }

  @Test
  void longNamesAreKept() {
    String name = "d/".repeat(60) + "x".repeat(90);
    assertThat(TarHeader.of(file(name, 0).bytes())).isEqualTo(file(name, 0));
    byte[] extended = ("170 path=" + "e/".repeat(80) + "f\n").getBytes(StandardCharsets.UTF_8);
    TarHeader header = new TarHeader("PaxHeader", TarHeader.EXTENDED, 0644, extended.length, 1);
    List<String> names = new ArrayList<>();
    TarReader reader =
        new TarReader(
            (entry, content) -> {
              names.add(entry.name());
              return "";
            });
    reader.add(Arrays.copyOf(archive(header, extended), 1024));
    reader.add(file("short", 0).bytes());
    assertThat(names).containsExactly("e/".repeat(80) + "f");
  }

  @Test
  void whatIsNoArchiveIsSaid() {
    assertThat(feed(new byte[] {1, 2, 3}, 3, "tar", "xf", "-").stderr())
        .isEqualTo("tar: short read\n");
    ProgramOutput junk =
        feed("x".repeat(600).getBytes(StandardCharsets.UTF_8), 600, "tar", "xf", "-");
    assertThat(junk.exitCode()).isEqualTo(1);
    assertThat(junk.stderr()).startsWith("tar: invalid tar magic\n");
    assertThat(feed(file("big", 50_000_000).bytes(), 512, "tar", "xf", "-").stderr())
        .startsWith("tar: big: File too large\n");
    assertThat(feed(archive(file("../x", 0), new byte[0]), 512, "tar", "xf", "-").exitCode())
        .isEqualTo(1);
    assertThat(pod.sh("tar xf - -C /nope").stderr())
        .isEqualTo("tar: can't change directory to '/nope': No such file or directory\n");
    assertThat(pod.sh("tar cf - /nope").stderr())
        .isEqualTo(
            """
            tar: /nope: No such file or directory
            tar: error exit delayed from previous errors
            """);
    assertThat(pod.sh("tar f -").stderr())
        .isEqualTo("tar: You must specify one of 'ctx' options\n");
  }
}

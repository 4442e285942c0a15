package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FreshJvmTest {

  /** Prints its arguments, or fails when there are none. */
  static final class Echo {
    public static void main(String[] args) {
      if (args.length == 0) {
        System.err.println("nothing to say");
        System.exit(7);
      }
      System.out.println(String.join("|", args));
    }
  }

  /** Prints what it finds around it. */
  static final class Surroundings {
    public static void main(String[] args) {
      System.out.print(Locale.getDefault() + " " + ZoneId.systemDefault() + " ");
      System.out.print(System.getenv().containsKey("PATH") + " " + Runtime.version());
    }
  }

  @Test
  void stdoutIsTheAnswer() {
    assertThat(FreshJvm.run(Echo.class, "a b", "", "c")).isEqualToIgnoringNewLines("a b||c");
  }

  @Test
  void anotherExitCodeIsAFailureWithItsStderr() {
    assertThatThrownBy(() -> FreshJvm.run(Echo.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ended with 7")
        .hasMessageContaining("nothing to say");
    assertThat(FreshJvm.end(Echo.class).stdout()).isEmpty();
  }

  @Test
  void theOtherJvmIsTheSameReleaseInOtherSurroundings() {
    assertThat(FreshJvm.run(Surroundings.class))
        .isEqualTo("ar_EG Pacific/Kiritimati false " + Runtime.version());
  }
}

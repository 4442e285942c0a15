package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.shell.ShellExpansion.Mode;
import dev.wavetank.core.container.shell.ShellNode.Redirect;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Sink;
import dev.wavetank.core.container.stream.Streams;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Redirections of a shell's open files. */
final class ShellRedirects {

  private ShellRedirects() {}

  /** The expansion of what the redirections lead to. */
  static ShellExpansion expansion(List<Redirect> redirects, Consumer<List<String>> then) {
    return new ShellExpansion(redirects.stream().map(Redirect::target).toList(), Mode.TEXT, then);
  }

  /**
   * Redirects one after the other.
   *
   * @return the streams that follow, or null when one failed, which is told and leaves the status 1
   */
  static @Nullable Streams apply(Shell shell, List<Redirect> redirects, List<String> targets) {
    Streams streams = shell.streams();
    for (int i = 0; i < redirects.size(); i++) {
      Streams changed = apply(shell, redirects.get(i), targets.get(i), streams);
      if (changed == null) {
        shell.setStatus(1);
        return null;
      }
      streams = changed;
    }
    return streams;
  }

  private static @Nullable Streams apply(
      Shell shell, Redirect redirect, String target, Streams streams) {
    int number = redirect.number();
    return switch (redirect.operator()) {
      case "<<" -> streams.with(number, ProgramInput.of(target));
      case "<" -> read(shell, number, target, streams);
      case "<&", ">&" -> duplicate(shell, number, target, streams);
      default -> write(shell, number, target, redirect.operator().equals(">>"), streams);
    };
  }

  private static @Nullable Streams duplicate(
      Shell shell, int number, String target, Streams streams) {
    if (target.equals("-")) {
      return streams.closed(number);
    }
    int like = target.length() == 1 ? target.charAt(0) - '0' : -1;
    if (like < 0 || like >= Streams.COUNT || !streams.open(like)) {
      shell.complain(target + ": bad file descriptor");
      return null;
    }
    return streams.with(number, like);
  }

  private static @Nullable Streams read(Shell shell, int number, String target, Streams streams) {
    int like = descriptor(target);
    if (like >= 0) {
      return streams.with(number, like);
    }
    String path = shell.path(target);
    String content = shell.process().container().file(path);
    if (content == null) {
      shell.complain("can't open " + target + ": no such file");
      return null;
    }
    return streams.with(number, ProgramInput.of(content));
  }

  private static @Nullable Streams write(
      Shell shell, int number, String target, boolean append, Streams streams) {
    int like = descriptor(target);
    if (like >= 0) {
      return streams.with(number, like);
    }
    Container container = shell.process().container();
    String path = shell.path(target);
    if (path.equals("/dev/null")) {
      return streams.with(number, Sink.NOWHERE);
    }
    if (path.equals("/proc/1/fd/1") || path.equals("/proc/1/fd/2")) {
      return streams.with(number, (process, text) -> container.log(text));
    }
    ContainerFiles files = container.files();
    String refusal =
        files.directory(path)
            ? "Is a directory"
            : append ? files.append(path, "") : files.write(path, "");
    if (!refusal.isEmpty()) {
      shell.complain("can't create " + target + ": " + refusal);
      return null;
    }
    boolean[] told = {false};
    return streams.with(
        number,
        (process, text) -> {
          String error = files.append(path, text);
          if (!error.isEmpty() && !told[0]) {
            told[0] = true;
            shell.complain("write error: " + error);
          }
        });
  }

  /** The number that a path such as {@code /dev/stdout} stands for; -1 for any other path. */
  private static int descriptor(String path) {
    return switch (path) {
      case "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0" -> 0;
      case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> 1;
      case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> 2;
      default -> -1;
    };
  }
}

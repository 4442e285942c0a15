package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.text.ByteText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code dd}: it copies blocks from a file, from its input or from {@code /dev/zero} to
 * a file or its output. What does not fit into the container's files is a disk that is full.
 */
final class Dd {

  private static final List<String> NAMES =
      List.of(
          "if", "of", "bs", "ibs", "obs", "count", "skip", "seek", "conv", "status", "iflag",
          "oflag");

  private static final int BLOCK = 512;

  /** Characters that it copies at most. */
  private static final long COPIED_MAX = FileTree.TOTAL_MAX;

  private final ProgramContext context;
  private final Map<String, String> operands;
  private final long blockBytes;
  private final long count;

  private Dd(ProgramContext context, Map<String, String> operands, long blockBytes, long count) {
    this.context = context;
    this.operands = operands;
    this.blockBytes = blockBytes;
    this.count = count;
  }

  static void run(ProgramContext context) {
    Map<String, String> operands = new LinkedHashMap<>();
    for (String word : context.arguments()) {
      int equals = word.indexOf('=');
      if (equals < 0 || !NAMES.contains(word.substring(0, equals))) {
        refuse(context, "dd: unrecognized operand '" + word + "'\n");
        return;
      }
      operands.put(word.substring(0, equals), word.substring(equals + 1));
    }
    String bytes = operands.getOrDefault("bs", operands.getOrDefault("ibs", "" + BLOCK));
    long block = amount(bytes);
    long count = amount(operands.getOrDefault("count", "999999999"));
    if (block <= 0 || count < 0 || amount(operands.getOrDefault("skip", "0")) < 0) {
      refuse(
          context, "dd: invalid number '" + (block <= 0 ? bytes : operands.get("count")) + "'\n");
      return;
    }
    new Dd(context, operands, block, count).copy();
  }

  private static void refuse(ProgramContext context, String message) {
    context.err(message);
    context.exit(1);
  }

  /** A number with a unit, such as {@code 4k}, {@code 1M} or {@code 10MB}; -1 for none. */
  private static long amount(String text) {
    if (!text.matches("\\d{1,9}([ckKMGw]|[kKMG]i?B)?")) {
      return -1;
    }
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    String unit = text.substring(digits);
    long base = unit.endsWith("B") && !unit.endsWith("iB") ? 1000 : 1024;
    return switch (unit.isEmpty() ? 'c' : unit.charAt(0)) {
      case 'k', 'K' -> number * base;
      case 'M' -> number * base * base;
      case 'G' -> number * base * base * base;
      case 'w' -> number * 2;
      default -> number;
    };
  }

  private void copy() {
    String from = operands.getOrDefault("if", "-");
    long skipped = Math.min(amount(operands.getOrDefault("skip", "0")) * blockBytes, COPIED_MAX);
    long wanted =
        count == 0 ? 0 : blockBytes > COPIED_MAX / count ? COPIED_MAX + 1 : blockBytes * count;
    if (from.equals("/dev/zero")) {
      write("\0".repeat((int) Math.min(wanted, COPIED_MAX)), wanted > COPIED_MAX);
      return;
    }
    StringBuilder text = new StringBuilder();
    FileInput.chunks(
        context,
        List.of(from),
        chunk -> {
          text.append(chunk);
          if (text.length() >= skipped + wanted || text.length() > COPIED_MAX + skipped) {
            String part = text.substring((int) Math.min(skipped, text.length()));
            write(part.substring(0, (int) Math.min(wanted, part.length())), wanted > COPIED_MAX);
          }
        },
        all -> {
          if (all) {
            write(text.substring((int) Math.min(skipped, text.length())), false);
          } else {
            context.exit(1);
          }
        });
  }

  /**
   * Writes what was read, and says how much it was.
   *
   * @param endless whether there was more than a disk holds
   */
  private void write(String text, boolean endless) {
    String to = operands.getOrDefault("of", "");
    String error = "";
    if (to.isEmpty() || to.equals("/dev/stdout")) {
      context.out(text);
    } else if (!to.equals("/dev/null")) {
      boolean keeps = operands.getOrDefault("conv", "").contains("notrunc");
      ContainerFiles files = context.container().files();
      String path = context.path(to);
      String before = keeps || operands.containsKey("seek") ? context.container().file(path) : null;
      error = endless ? "No space left on device" : files.write(path, laid(before, text));
    }
    if (!error.isEmpty()) {
      refuse(context, "dd: error writing '" + to + "': " + error + "\n");
      return;
    }
    report(ByteText.bytes(text).length);
    context.exit(0);
  }

  /** The text over what was in the file, at the place that the operands say. */
  private String laid(@Nullable String before, String text) {
    long seek = Math.max(0, amount(operands.getOrDefault("seek", "0")));
    int at = (int) Math.min(seek * blockBytes, COPIED_MAX);
    String old = before == null ? "" : before;
    String start = old.length() >= at ? old.substring(0, at) : old + "\0".repeat(at - old.length());
    int end = at + text.length();
    boolean keeps = operands.getOrDefault("conv", "").contains("notrunc");
    return start + text + (keeps && end < old.length() ? old.substring(end) : "");
  }

  private void report(long bytes) {
    String status = operands.getOrDefault("status", "");
    if (status.equals("none")) {
      return;
    }
    long whole = bytes / blockBytes;
    String records = whole + "+" + (bytes % blockBytes == 0 ? 0 : 1);
    context.err(records + " records in\n" + records + " records out\n");
  }
}

package dev.wavetank.core.container.program.text;

import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.container.text.Escapes;
import dev.wavetank.core.container.text.Lines;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that read text and print it in another form, as BusyBox has them. */
public final class TextPrograms {

  private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*(-?\\d+(\\.\\d+)?)");

  private TextPrograms() {}

  /** Adds those of this room to a table, by their names. */
  public static void addTo(Programs programs) {
    programs.add("head", TextPrograms::head);
    programs.add("tail", TextPrograms::tail);
    programs.add("tee", TextPrograms::tee);
    programs.add("wc", TextPrograms::wc);
    programs.add("sort", TextPrograms::sort);
    programs.add("uniq", TextPrograms::uniq);
    programs.add("cut", TextPrograms::cut);
    programs.add("tr", TextPrograms::tr);
    programs.add("tac", TextPrograms::tac);
    programs.add("nl", TextPrograms::nl);
    programs.add("grep", Grep::run);
    programs.add("egrep", Grep::run);
    programs.add("fgrep", Grep::run);
    programs.add("sed", Sed::run);
  }

  /** The text of a line without its end. */
  private static String plain(String line) {
    return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
  }

  private static void head(ProgramContext context) {
    ProgramOptions options = ProgramOptions.counted(context, "n:c:q");
    if (options == null) {
      return;
    }
    boolean bytes = options.has("c");
    int count = options.number(bytes ? "c" : "n", 10);
    if (count < 0) {
      context.err("head: invalid number '" + options.value(bytes ? "c" : "n", "") + "'\n");
      context.exit(1);
      return;
    }
    if (options.operands().size() > 1) {
      headOfEach(context, options, count);
      return;
    }
    int[] left = {count};
    if (count == 0) {
      context.exit(0);
    } else if (bytes) {
      FileInput.chunks(
          context,
          options.operands(),
          chunk -> {
            context.out(chunk.substring(0, Math.min(left[0], chunk.length())));
            left[0] -= chunk.length();
            if (left[0] <= 0) {
              context.exit(0);
            }
          },
          all -> context.exit(all ? 0 : 1));
    } else {
      FileInput.lines(
          context,
          options.operands(),
          line -> {
            context.out(line);
            if (--left[0] == 0) {
              context.exit(0);
            }
          },
          all -> context.exit(all ? 0 : 1));
    }
  }

  private static void headOfEach(ProgramContext context, ProgramOptions options, int count) {
    int code = 0;
    String between = "";
    for (String file : options.operands()) {
      String content = context.container().file(context.path(file));
      if (content == null) {
        context.err("head: " + file + ": No such file or directory\n");
        code = 1;
        continue;
      }
      context.out((options.has("q") ? "" : between + "==> " + file + " <==\n"));
      between = "\n";
      List<String> lines = Lines.of(content);
      lines.subList(0, Math.min(count, lines.size())).forEach(line -> context.out(line + "\n"));
    }
    context.exit(code);
  }

  /** Prints the end of a text; with {@code -f} it goes on with what a file gets later. */
  private static void tail(ProgramContext context) {
    ProgramOptions options = ProgramOptions.counted(context, "n:c:fFq");
    if (options == null) {
      return;
    }
    boolean bytes = options.has("c");
    String wanted = options.value(bytes ? "c" : "n", "10");
    if (!wanted.matches("[-+]?\\d{1,9}")) {
      context.err("tail: invalid number '" + wanted + "'\n");
      context.exit(1);
      return;
    }
    boolean fromStart = wanted.startsWith("+");
    int count = Integer.parseInt(wanted.replaceFirst("^[-+]", ""));
    boolean follows = options.has("f") || options.has("F");
    List<String> files = options.operands();
    if (follows && !files.isEmpty()) {
      follow(context, files.get(0), count);
      return;
    }
    FileInput.whole(
        context,
        files,
        text -> {
          if (bytes) {
            int from = fromStart ? Math.max(0, count - 1) : Math.max(0, text.length() - count);
            context.out(text.substring(Math.min(from, text.length())));
            return;
          }
          List<String> lines = Lines.of(text);
          int from = fromStart ? Math.max(0, count - 1) : Math.max(0, lines.size() - count);
          lines
              .subList(Math.min(from, lines.size()), lines.size())
              .forEach(line -> context.out(line + "\n"));
          if (follows) {
            context.in().chunks(context, context::out, () -> {});
          }
        });
  }

  private static void follow(ProgramContext context, String file, int count) {
    String path = context.path(file);
    String content = context.container().file(path);
    if (content == null) {
      context.err("tail: " + file + ": No such file or directory\n");
      context.err("tail: no files\n");
      context.exit(1);
      return;
    }
    List<String> lines = Lines.of(content);
    lines
        .subList(Math.max(0, lines.size() - count), lines.size())
        .forEach(line -> context.out(line + "\n"));
    look(context, path, content.length());
  }

  private static void look(ProgramContext context, String path, int seen) {
    context.after(
        1_000_000_000L,
        () -> {
          String content = context.container().file(path);
          int length = content == null ? seen : content.length();
          if (content != null && length != seen) {
            context.out(content.substring(length > seen ? seen : 0));
          }
          look(context, path, length);
        });
  }

  private static void tee(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "ai");
    if (options == null) {
      return;
    }
    ContainerFiles files = context.container().files();
    List<String> paths = new ArrayList<>();
    int[] code = {0};
    for (String name : options.operands()) {
      String path = context.path(name);
      String refusal = options.has("a") ? files.append(path, "") : files.write(path, "");
      if (refusal.isEmpty()) {
        paths.add(path);
      } else {
        context.err("tee: " + name + ": " + refusal + "\n");
        code[0] = 1;
      }
    }
    FileInput.chunks(
        context,
        List.of(),
        text -> {
          context.out(text);
          paths.forEach(path -> files.append(path, text));
        },
        all -> context.exit(code[0]));
  }

  /** Counts lines, words and bytes, or some of them; a single count is not padded. */
  private static void wc(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "lwcmL");
    if (options != null) {
      wc(context, options, 0, new long[3], true);
    }
  }

  private static void wc(
      ProgramContext context, ProgramOptions options, int file, long[] total, boolean allRead) {
    List<String> files = options.operands();
    if (file == Math.max(1, files.size())) {
      if (files.size() > 1) {
        context.out(counts(options, total, "total"));
      }
      context.exit(allRead ? 0 : 1);
      return;
    }
    long[] counts = new long[3];
    FileInput.lines(
        context,
        files.isEmpty() ? List.of() : List.of(files.get(file)),
        line -> {
          counts[0] += line.endsWith("\n") ? 1 : 0;
          counts[1] += line.isBlank() ? 0 : line.trim().split("\\s+").length;
          counts[2] += ByteText.bytes(line).length;
        },
        there -> {
          if (there) {
            context.out(counts(options, counts, files.isEmpty() ? "" : files.get(file)));
          }
          for (int i = 0; i < counts.length; i++) {
            total[i] += counts[i];
          }
          wc(context, options, file + 1, total, allRead && there);
        });
  }

  private static String counts(ProgramOptions options, long[] counts, String name) {
    boolean[] wanted = {
      options.has("l"), options.has("w"), options.has("c") || options.has("m"),
    };
    boolean all = !wanted[0] && !wanted[1] && !wanted[2];
    int shown = 0;
    for (boolean one : wanted) {
      shown += one || all ? 1 : 0;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      if (wanted[i] || all) {
        String number = Long.toString(counts[i]);
        text.append(text.length() == 0 ? "" : " ");
        text.append(" ".repeat(shown == 1 ? 0 : Math.max(0, 9 - number.length()))).append(number);
      }
    }
    return text.append(name.isEmpty() ? "" : " " + name).append('\n').toString();
  }

  private static void sort(ProgramContext context) {
    ProgramOptions options =
        ProgramOptions.of(context, "rnuhfsk:t:o:", "reverse:r", "numeric-sort:n");
    if (options == null) {
      return;
    }
    String key = options.value("k", "");
    if (!key.isEmpty() && !key.matches("\\d{1,4}(\\.\\d+)?[nrf]*(,\\d{1,4}(\\.\\d+)?[nrf]*)?")) {
      context.err("sort: bad field specification\n");
      context.exit(2);
      return;
    }
    int field = key.isEmpty() ? 0 : Integer.parseInt(key.replaceFirst("\\D.*", ""));
    int last = key.contains(",") ? Integer.parseInt(key.replaceFirst(".*,(\\d+).*", "$1")) : 0;
    boolean numeric = options.has("n") || options.has("h") || key.contains("n");
    boolean reverse = options.has("r") || key.contains("r");
    Comparator<String> byKey =
        Comparator.comparing(
            (String line) -> key(line, field, last, options.value("t", "")),
            numeric
                ? Comparator.comparing(TextPrograms::numberOf)
                : options.has("f") ? String.CASE_INSENSITIVE_ORDER : Comparator.naturalOrder());
    Comparator<String> order =
        options.has("u") || options.has("s")
            ? byKey
            : byKey.thenComparing(Comparator.naturalOrder());
    FileInput.whole(
        context,
        options.operands(),
        text -> {
          List<String> lines = Lines.of(text);
          lines.sort(reverse ? order.reversed() : order);
          StringBuilder sorted = new StringBuilder();
          String before = null;
          for (String line : lines) {
            if (before == null || !options.has("u") || byKey.compare(before, line) != 0) {
              sorted.append(line).append('\n');
              before = line;
            }
          }
          if (options.has("o")) {
            context.container().files().write(context.path(options.value("o", "")), sorted + "");
          } else {
            context.out(sorted.toString());
          }
        });
  }

  private static String key(String line, int field, int last, String separator) {
    if (field == 0) {
      return line;
    }
    String[] fields =
        separator.isEmpty()
            ? line.split("(?<=\\S)(?=\\s)", -1)
            : line.split(Pattern.quote(separator), -1);
    int end = last == 0 ? fields.length : Math.min(last, fields.length);
    return field > fields.length
        ? ""
        : String.join(separator, List.of(fields).subList(field - 1, Math.max(field - 1, end)));
  }

  private static BigDecimal numberOf(String text) {
    Matcher number = LEADING_NUMBER.matcher(text);
    return number.lookingAt() ? new BigDecimal(number.group(1)) : BigDecimal.ZERO;
  }

  private static void uniq(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "cdui");
    if (options == null) {
      return;
    }
    String[] before = new String[1];
    int[] count = {0};
    Runnable print =
        () -> {
          boolean shown =
              before[0] != null
                  && (!options.has("d") || count[0] > 1)
                  && (!options.has("u") || count[0] == 1);
          if (shown) {
            String number = Integer.toString(count[0]);
            String padded = " ".repeat(Math.max(0, 7 - number.length())) + number + " ";
            context.out((options.has("c") ? padded : "") + before[0] + "\n");
          }
        };
    FileInput.lines(
        context,
        options.operands(),
        line -> {
          String text = plain(line);
          if (before[0] != null
              && (options.has("i") ? text.equalsIgnoreCase(before[0]) : text.equals(before[0]))) {
            count[0]++;
          } else {
            print.run();
            before[0] = text;
            count[0] = 1;
          }
        },
        all -> {
          print.run();
          context.exit(all ? 0 : 1);
        });
  }

  private static void cut(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "d:f:c:b:s", "delimiter=:d", "fields=:f");
    if (options == null) {
      return;
    }
    boolean fields = options.has("f");
    String list = options.value("f", options.value("c", options.value("b", "")));
    if (!list.matches("(\\d{1,6}|\\d{1,6}-|-\\d{1,6}|\\d{1,6}-\\d{1,6})(,[-\\d]{1,13})*")) {
      context.err("cut: expected a list of bytes, characters, or fields\n");
      context.exit(1);
      return;
    }
    String delimiter = options.value("d", "\t");
    FileInput.lines(
        context,
        options.operands(),
        line -> {
          String text = plain(line);
          if (fields && !text.contains(delimiter)) {
            context.out(options.has("s") ? "" : text + "\n");
            return;
          }
          String[] parts = text.split(fields ? Pattern.quote(delimiter) : "", -1);
          int known = fields ? parts.length : text.length();
          List<String> kept = new ArrayList<>();
          for (int i = 1; i <= known; i++) {
            if (listed(list, i)) {
              kept.add(parts[i - 1]);
            }
          }
          context.out(String.join(fields ? delimiter : "", kept) + "\n");
        },
        all -> context.exit(all ? 0 : 1));
  }

  private static boolean listed(String list, int number) {
    for (String part : list.split(",")) {
      int dash = part.indexOf('-');
      String low = dash < 0 ? part : part.substring(0, dash);
      String high = dash < 0 ? part : part.substring(dash + 1);
      if (number >= (low.isEmpty() ? 1 : Integer.parseInt(low))
          && number <= (high.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(high))) {
        return true;
      }
    }
    return false;
  }

  private static void tr(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "dscC");
    if (options == null) {
      return;
    }
    List<String> operands = options.operands();
    boolean deletes = options.has("d");
    if (operands.isEmpty() || (operands.size() < 2 && !deletes && !options.has("s"))) {
      context.err("Usage: tr [-cds] STRING1 [STRING2]\n");
      context.exit(1);
      return;
    }
    String from = set(operands.get(0));
    String to = operands.size() > 1 ? set(operands.get(1)) : "";
    boolean complement = options.has("c") || options.has("C");
    boolean squeezes = options.has("s");
    char[] last = {0};
    FileInput.chunks(
        context,
        List.of(),
        chunk -> {
          StringBuilder text = new StringBuilder(chunk.length());
          for (int i = 0; i < chunk.length(); i++) {
            char c = chunk.charAt(i);
            int at = from.indexOf(c);
            boolean hit = (at >= 0) != complement;
            if (hit && deletes) {
              continue;
            }
            char made = c;
            if (hit && !to.isEmpty()) {
              made = to.charAt(complement ? to.length() - 1 : Math.min(at, to.length() - 1));
            }
            boolean squeezed = squeezes && (to.isEmpty() ? hit : to.indexOf(made) >= 0);
            if (!squeezed || made != last[0]) {
              text.append(made);
            }
            last[0] = made;
          }
          context.out(text.toString());
        },
        all -> context.exit(0));
  }

  /** The characters of a set such as {@code a-z\n} or {@code [:upper:]}. */
  private static String set(String word) {
    String plain =
        Escapes.of(word)
            .replace("[:lower:]", "a-z")
            .replace("[:upper:]", "A-Z")
            .replace("[:digit:]", "0-9")
            .replace("[:alpha:]", "A-Za-z")
            .replace("[:alnum:]", "A-Za-z0-9")
            .replace("[:space:]", " \t\n\r\f\u000b")
            .replace("[:blank:]", " \t")
            .replace("[:punct:]", "!\"#$%&'()*+,./:;<=>?@[\\]^_`{|}~-");
    StringBuilder set = new StringBuilder();
    for (int i = 0; i < plain.length(); i++) {
      boolean range = i + 2 < plain.length() && plain.charAt(i + 1) == '-';
      if (range && plain.charAt(i) <= plain.charAt(i + 2)) {
        for (char c = plain.charAt(i); c <= plain.charAt(i + 2); c++) {
          set.append(c);
        }
        i += 2;
      } else {
        set.append(plain.charAt(i));
      }
    }
    return set.toString();
  }

  private static void tac(ProgramContext context) {
    FileInput.whole(
        context,
        context.arguments(),
        text -> {
          List<String> lines = Lines.of(text);
          for (int i = lines.size() - 1; i >= 0; i--) {
            context.out(lines.get(i) + "\n");
          }
        });
  }

  private static void nl(ProgramContext context) {
    int[] number = {0};
    FileInput.lines(
        context,
        context.arguments(),
        line -> {
          String count = line.isBlank() ? "" : Integer.toString(++number[0]);
          String padded = " ".repeat(Math.max(0, 6 - count.length())) + count;
          context.out(padded + (count.isEmpty() ? " \n" : "\t" + plain(line) + "\n"));
        },
        all -> context.exit(all ? 0 : 1));
  }
}

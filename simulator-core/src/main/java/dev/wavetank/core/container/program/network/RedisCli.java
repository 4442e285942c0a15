package dev.wavetank.core.container.program.network;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ProgramNetwork.Socket;
import dev.wavetank.core.container.conversation.RedisDatabase;
import dev.wavetank.core.container.program.ProgramOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code redis-cli}: it runs the command of its arguments, or those of its lines, over
 * one connection. On a terminal it prompts, and shows of what type a reply is.
 */
final class RedisCli implements ProgramNetwork.SocketListener {

  private static final int DEPTH_MAX = 8;

  private final ProgramContext context;
  private final String place;
  private final boolean typed;
  private final List<String> command;
  private String unread = "";
  private int at;
  private @Nullable Socket socket;

  private RedisCli(ProgramContext context, String place, boolean typed, List<String> command) {
    this.context = context;
    this.place = place;
    this.typed = typed;
    this.command = command;
  }

  static void run(ProgramContext context) {
    ProgramOptions options =
        ProgramOptions.leading(context, "h:p:a:n:ec", "raw:R", "no-raw:N", "no-auth-warning:W");
    if (options == null) {
      return;
    }
    String host = options.value("h", "127.0.0.1");
    String port = options.value("p", "6379");
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      context.err("Invalid server port.\n");
      context.exit(1);
      return;
    }
    boolean typed = (context.terminal() != null || options.has("N")) && !options.has("R");
    List<String> command = options.operands();
    RedisCli client = new RedisCli(context, host + ":" + port, typed, command);
    PodSandbox sandbox = context.container().sandbox();
    long patience = NetworkPrograms.PATIENCE_NANOS;
    context.network().open(sandbox, host, Integer.parseInt(port), patience, client);
  }

  @Override
  public void opened(Socket made, String address) {
    if (!context.closesAtEnd(made)) {
      return;
    }
    socket = made;
    if (command.isEmpty()) {
      next();
    } else {
      send(made, command);
    }
  }

  /** Reads the next line of the input and runs it. */
  private void next() {
    if (context.readsTerminal()) {
      context.out(place + "> ");
    }
    context
        .in()
        .line(
            context,
            line -> {
              String words = line.trim();
              Socket to = socket;
              if (line.isEmpty() || words.equals("exit") || words.equals("quit") || to == null) {
                context.exit(0);
              } else if (words.isEmpty()) {
                context.after(0, this::next);
              } else {
                send(to, split(words));
              }
            });
  }

  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean begun = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else if (quote == 0 ? c == '"' || c == '\'' : c == quote) {
        quote = quote == 0 ? c : 0;
        begun = true;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  private static void send(Socket to, List<String> words) {
    StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
    words.forEach(word -> text.append(RedisDatabase.bulk(word)));
    to.send(text.toString());
  }

  @Override
  public void received(String text) {
    if (context.over()) {
      return;
    }
    unread = unread.substring(at) + text;
    at = 0;
    String shown = reply(0, "");
    if (shown == null) {
      at = 0;
      return;
    }
    context.out(shown + "\n");
    if (command.isEmpty()) {
      context.after(0, this::next);
    } else {
      context.exit(0);
    }
  }

  /** The next reply as it is shown, or null when it is not complete. */
  private @Nullable String reply(int depth, String indent) {
    int end = unread.indexOf("\r\n", at);
    if (end <= at || depth > DEPTH_MAX) {
      return null;
    }
    String line = unread.substring(at + 1, end);
    char type = unread.charAt(at);
    at = end + 2;
    switch (type) {
      case '+':
        return line;
      case '-':
        return typed ? "(error) " + line : line;
      case ':':
        return typed ? "(integer) " + line : line;
      case '$':
        int length = Integer.parseInt(line);
        if (length < 0) {
          return typed ? "(nil)" : "";
        }
        int from = at;
        int to = RedisDatabase.end(unread, from, length);
        if (to < 0 || to + 2 > unread.length()) {
          return null;
        }
        at = to + 2;
        String text = unread.substring(from, to);
        return typed ? "\"" + quoted(text) + "\"" : text;
      default:
        return array(Integer.parseInt(line), depth, indent);
    }
  }

  private @Nullable String array(int size, int depth, String indent) {
    if (size <= 0) {
      return typed ? "(empty array)" : "";
    }
    StringBuilder shown = new StringBuilder();
    String wide = String.valueOf(size);
    for (int i = 1; i <= size; i++) {
      String item = reply(depth + 1, indent + " ".repeat(wide.length() + 2));
      if (item == null) {
        return null;
      }
      shown.append(i > 1 ? "\n" + (typed ? indent : "") : "");
      if (typed) {
        String number = String.valueOf(i);
        shown.append(" ".repeat(wide.length() - number.length())).append(number).append(") ");
      }
      shown.append(item);
    }
    return shown.toString();
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\r", "\\r")
        .replace("\n", "\\n");
  }

  @Override
  public void ended() {
    if (!context.over()) {
      context.err("Error: Server closed the connection\n");
      context.exit(1);
    }
  }

  @Override
  public void failed(Outcome outcome) {
    if (context.over()) {
      return;
    }
    if (socket != null) {
      context.err("Error: Server closed the connection\n");
    } else {
      String why =
          outcome.address().isEmpty()
              ? "Name or service not known"
              : NetworkPrograms.words(outcome.failure());
      context.err("Could not connect to Redis at " + place + ": " + why + "\n");
    }
    context.exit(1);
  }
}

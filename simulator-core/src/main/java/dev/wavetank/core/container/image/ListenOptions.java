package dev.wavetank.core.container.image;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the ports that a command line tells a server to listen on, such as {@code
 * --http=0.0.0.0:8000}, {@code --port 8080}, {@code -p 80} or {@code --listen=:9090}.
 */
final class ListenOptions {

  private static final Pattern OPTION = Pattern.compile("-{1,2}([A-Za-z][\\w.-]*)(?:=(.*))?");
  private static final Pattern LISTENING =
      Pattern.compile(".*(port|http|https|listen|bind|addr|address|socket|serve|server)$|^[pb]$");
  private static final Pattern OTHERS =
      Pattern.compile(
          ".*(db|database|redis|sql|mongo|postgres|remote|target|upstream|backend|peer|proxy).*");
  private static final Pattern PLACE =
      Pattern.compile("(?:[a-z]+://)?(?:0\\.0\\.0\\.0|\\[::\\]|\\*|)(?::|^)(\\d{1,5})/?");

  private ListenOptions() {}

  static List<Integer> ports(List<String> argv) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < argv.size(); i++) {
      Matcher option = OPTION.matcher(argv.get(i));
      if (!option.matches()) {
        continue;
      }
      String name = option.group(1);
      String value = option.group(2);
      if (value == null) {
        value = i + 1 < argv.size() ? argv.get(i + 1) : "";
      }
      if (LISTENING.matcher(name).matches() && !OTHERS.matcher(name).matches()) {
        Matcher place = PLACE.matcher(value);
        if (place.matches()) {
          int port = Integer.parseInt(place.group(1));
          if (port > 0 && port < 65536 && !ports.contains(port)) {
            ports.add(port);
          }
        }
      }
    }
    return ports;
  }
}

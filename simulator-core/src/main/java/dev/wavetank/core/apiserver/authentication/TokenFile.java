package dev.wavetank.core.apiserver.authentication;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.api.UserInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of users and their tokens: a line for each, with its token, its name, its uid, and its
 * groups in quotation marks with commas between them.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/authentication/token/tokenfile/tokenfile.go (v1.36).
 */
public final class TokenFile {

  /** Most users of a file. */
  public static final int USERS_MAX = 1000;

  private static final Splitter COMMAS = Splitter.on(',').trimResults();

  private TokenFile() {}

  /**
   * The users of a file, by their tokens; they are all in {@code system:authenticated}.
   *
   * @param file as errors name it
   * @throws ScenarioException when a line is none
   */
  public static ImmutableMap<String, UserInfo> parse(String file, String text) {
    Map<String, UserInfo> users = new LinkedHashMap<>();
    int number = 0;
    for (String line : Splitter.on('\n').split(text)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int quote = line.indexOf('"');
      String plain = quote < 0 ? line : line.substring(0, quote);
      String quoted = quote < 0 ? "" : line.substring(quote).strip().replace("\"", "");
      ImmutableList<String> words = ImmutableList.copyOf(COMMAS.splitToList(plain));
      if (words.size() < 3 || words.get(0).isEmpty() || words.get(1).isEmpty()) {
        throw new ScenarioException(file, number, 1, "expected TOKEN,USER,UID,\"GROUP,...\"");
      }
      if (users.size() == USERS_MAX) {
        throw new ScenarioException(file, number, 1, "more than " + USERS_MAX + " users");
      }
      ImmutableList.Builder<String> groups = ImmutableList.builder();
      String written = quoted.isEmpty() && words.size() > 3 ? words.get(3) : quoted;
      COMMAS.omitEmptyStrings().split(written).forEach(groups::add);
      groups.add(UserInfo.ALL_AUTHENTICATED);
      UserInfo user = new UserInfo(words.get(1), words.get(2), groups.build(), ImmutableMap.of());
      if (users.put(words.get(0), user) != null) {
        throw new ScenarioException(file, number, 1, "a token that is there already");
      }
    }
    return ImmutableMap.copyOf(users);
  }
}

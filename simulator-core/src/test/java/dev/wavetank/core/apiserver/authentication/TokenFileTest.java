package dev.wavetank.core.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.api.UserInfo;
import org.junit.jupiter.api.Test;

class TokenFileTest {

  @Test
  void aLineIsAUserWithItsGroups() {
    ImmutableMap<String, UserInfo> users =
        TokenFile.parse("users", "# users\nsecret,jane,u1,\"devs, ops\"\nother,joe,u2\n");
    UserInfo jane = users.get("secret");
    assertThat(jane).isNotNull();
    assertThat(jane.name()).isEqualTo("jane");
    assertThat(jane.uid()).isEqualTo("u1");
    assertThat(jane.groups()).containsExactly("devs", "ops", "system:authenticated");
    assertThat(users.get("other"))
        .isEqualTo(
            new UserInfo(
                "joe", "u2", UserInfo.of("", "system:authenticated").groups(), ImmutableMap.of()));
  }

  @Test
  void aLineWithoutAUserIsNone() {
    assertThatThrownBy(() -> TokenFile.parse("users", "a,b,c\nsecret\n"))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("users:2")
        .hasMessageContaining("TOKEN,USER,UID");
  }

  @Test
  void aTokenIsOneUsers() {
    assertThatThrownBy(() -> TokenFile.parse("users", "a,b,c\na,d,e\n"))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("there already");
  }
}

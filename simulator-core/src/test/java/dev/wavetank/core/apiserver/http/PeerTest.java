package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.UserInfo;
import org.junit.jupiter.api.Test;

class PeerTest {

  @Test
  void theHolderOfACertificateIsAuthenticated() {
    assertThat(Peer.certified("joe", ImmutableList.of("devs")).user())
        .isEqualTo(UserInfo.of("joe", "devs", "system:authenticated"));
    assertThat(Peer.certified("joe", ImmutableList.of()).user())
        .isEqualTo(UserInfo.of("joe", "system:authenticated"));
  }

  @Test
  void groupsThatSayWhetherHeIsAreLeftAsTheyAre() {
    for (String told : new String[] {"system:authenticated", "system:unauthenticated"}) {
      assertThat(Peer.certified("joe", ImmutableList.of(told, "devs")).user())
          .isEqualTo(UserInfo.of("joe", told, "devs"));
    }
  }

  @Test
  void onlyWhoReachesAServerThatAsksForNothingIsItsAdministrator() {
    assertThat(Peer.TRUSTED.user().privileged()).isTrue();
    assertThat(Peer.ANONYMOUS.user()).isEqualTo(UserInfo.ANONYMOUS);
    assertThat(Peer.STRANGER.user()).isEqualTo(UserInfo.ANONYMOUS);
  }
}

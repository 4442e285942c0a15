package dev.wavetank.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.IpAddress;
import org.junit.jupiter.api.Test;

class RecentListTest {

  private final RecentList list = new RecentList();

  private static IpAddress source(int number) {
    return IpAddress.v4(0x0A00_0000 + number);
  }

  @Test
  void aSourceIsRecentFromWhenItWasLastNoted() {
    list.set(source(1), 1_000);
    list.set(source(1), 5_000);
    assertThat(list.check(source(1), 5_000)).isTrue();
    assertThat(list.check(source(2), 0)).isFalse();
    assertThat(list.check(source(1), 5_001)).isFalse();
  }

  @Test
  void anExpiredSourceIsReaped() {
    list.set(source(1), 1_000);
    assertThat(list.check(source(1), 1_001)).isFalse();
    assertThat(list.check(source(1), 0)).isFalse();
  }

  @Test
  void theLongestUnnotedSourceMakesRoom() {
    for (int i = 0; i < RecentList.ENTRIES_MAX; i++) {
      list.set(source(i), i);
    }
    list.set(source(0), 200);
    list.set(source(1_000), 201);
    assertThat(list.check(source(0), 0)).isTrue();
    assertThat(list.check(source(1), 0)).isFalse();
    assertThat(list.check(source(2), 0)).isTrue();
  }
}

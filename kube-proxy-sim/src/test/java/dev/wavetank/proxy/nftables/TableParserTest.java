package dev.wavetank.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.proxy.netfilter.IpFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableParserTest {

  private static final String START =
      """
      add table ip t { comment "a table" ; }
      add chain ip t in { type filter hook input priority filter ; }
      add set ip t addresses { type ipv4_addr ; comment "some addresses" ; }
      add map ip t ports { type inet_proto . inet_service : verdict ; }
      add element ip t addresses { 10.0.0.1 }
      add element ip t ports { tcp . 80 comment "web" : drop }
      """;

  private static Table after(String... commands) {
    return TableParser.parse(IpFamily.IPV4, START + String.join("\n", commands));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip saddr 10.0.0.0/8 drop|ip saddr 10.0.0.0/8 drop",
        "ip daddr != 10.0.0.1/32 drop|ip daddr != 10.0.0.1 drop",
        "ip daddr { 10.0.1.0/24,10.0.0.0/24 } reject|ip daddr { 10.0.0.0/23 } reject",
        "ip daddr { 10.0.0.9/32 , 10.0.0.0/30 } drop|ip daddr { 10.0.0.0/30, 10.0.0.9 } drop",
        "ip daddr { 10.0.0.4/31 , 10.0.0.0/30 } drop|ip daddr { 10.0.0.0-10.0.0.5 } drop",
        "ip daddr @addresses return|ip daddr @addresses return",
        "meta l4proto . th dport vmap @ports|meta l4proto . th dport vmap @ports",
        "meta l4proto udp accept|meta l4proto udp accept",
        "iifname != veth* drop|iifname != \"veth*\" drop",
        "ct state new jump other|ct state new jump other",
        "fib saddr type local drop|fib saddr type local drop",
        "mark and 0x00000001 != 0 drop|meta mark & 0x00000001 != 0x00000000 drop",
        "mark set mark xor 0x00000001|meta mark set meta mark ^ 0x00000001",
        "numgen inc mod 2 vmap { 0 : drop , 1 : goto other }|numgen inc mod 2 vmap { 0 : drop, 1 : goto other }",
      })
  void aRuleIsListedAsNftListsIt(String written, String listed) {
    Table table = after("add chain ip t other", "add rule ip t in " + written);
    assertThat(table.list()).contains("\n\t\t" + listed + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add rule ip t out drop|no chain out",
        "add rule ip t in sing|unknown statement sing",
        "add rule ip t in ip6 saddr fd00::1 drop|ip6 in a table of the other family",
        "add rule ip t in meta l4proto icmp drop|unknown protocol icmp",
        "add rule ip t in numgen random mod 2 vmap { 1 : drop }|expected 0, got 1",
        "add rule ip t in jump|the line ends too early",
        "delete chain ip t out|no chain out",
        "delete element ip t addresses { 10.0.0.2 }|no element 10.0.0.2 in addresses",
        "add element ip t addresses { 10.0.0.2 . tcp }|expected 1 parts in key 10.0.0.2 . tcp",
        "add element ip t ports { tcp . 80 : accept }|another element tcp . 80 is in ports",
        "add rule ip other in drop|expected table t, got other",
        "list table ip t in|unknown command list table",
        "add chain ip t late { type filter hook prerouting priority 0 ; }|no place for a chain of type filter at hook prerouting, priority 0",
      })
  void whatTheKernelWouldRefuseHasItsLine(String command, String problem) {
    assertThatThrownBy(() -> after(command))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 7: " + problem);
  }

  @Test
  void anAddThatIsThereAlreadyChangesNothing() {
    assertThat(
            after(
                "add chain ip t in { type filter hook input priority 0 ; }",
                "add set ip t addresses { type ipv4_addr ; }",
                "add element ip t addresses { 10.0.0.1 }",
                "add element ip t ports { tcp . 80 : drop }"))
        .isEqualTo(after());
  }

  @Test
  void aFlushEmptiesAndKeeps() {
    Table table = after("add rule ip t in drop", "flush chain ip t in", "flush set ip t addresses");
    assertThat(table.chains().get("in")).isNotNull();
    assertThat(table.list()).doesNotContain("\t\tdrop\n").doesNotContain("10.0.0.1");
  }

  @Test
  void whatWasThereStaysUnlessACommandSaysSo() {
    Table table = TableParser.apply(after(), "delete element ip t addresses { 10.0.0.1 }\n");
    assertThat(table.list()).contains("tcp . 80 comment \"web\" : drop").doesNotContain("10.0.0.1");
  }
}

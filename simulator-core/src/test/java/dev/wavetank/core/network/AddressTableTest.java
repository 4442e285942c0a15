package dev.wavetank.core.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AddressTableTest {

  private static final Listeners NOBODY =
      new Listeners() {
        @Override
        public boolean listening(Protocol protocol, int port) {
          return false;
        }

        @Override
        public void accepted(Connection connection) {}

        @Override
        public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {}
      };

  private static final Host HOST = new Host("node-1", address(0), NOBODY, Attachment.NO_PORT);

  private static IpAddress address(int number) {
    // Some are neighbours, others are far apart.
    int bits = number % 5 == 0 ? number << 20 : number * 50;
    return number % 3 == 0 ? IpAddress.v6(0, bits) : IpAddress.v4(bits);
  }

  private static Attachment attachment(IpAddress address) {
    return new Attachment(address, HOST, NOBODY, Attachment.NO_PORT);
  }

  /** A number above 200 takes the address away again. */
  @Property(tries = 300)
  void isAMapFromAddresses(@ForAll @Size(max = 400) List<@IntRange(max = 399) Integer> steps) {
    AddressTable table = new AddressTable();
    Map<IpAddress, Attachment> model = new TreeMap<>();
    for (int step : steps) {
      IpAddress address = address(step % 200);
      if (step < 200) {
        Attachment put = attachment(address);
        table.put(put);
        model.put(address, put);
      } else {
        assertThat(table.remove(address)).isSameAs(model.remove(address));
      }
    }
    for (int number = 0; number < 200; number++) {
      assertThat(table.get(address(number))).isSameAs(model.get(address(number)));
    }
  }

  @Test
  void theSameBitsOfAnotherFamilyAreAnotherAddress() {
    AddressTable table = new AddressTable();
    table.put(attachment(IpAddress.v4(7)));
    assertThat(table.get(IpAddress.v6(0, 7))).isNull();
    assertThat(table.get(IpAddress.v4(7))).isNotNull();
  }
}

package dev.wavetank.dns;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.SimulationBug;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Name servers fail some clients, or lie to them, whenever they ask over UDP.
 *
 * <p>Follows the plugin dns_chaos of Chaos Mesh's CoreDNS.
 */
public final class AnswerFault {

  private static final int TTL_SECONDS = 10;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int BYTE_VALUES = 256;

  private final Predicate<IpAddress> clients;
  private final Predicate<Name> names;
  private final @Nullable ChoiceStream addresses;

  /**
   * A fault that is not installed.
   *
   * @param clients who suffers
   * @param names about which names
   * @param addresses where made-up addresses come from; null for a server that fails
   */
  public AnswerFault(
      Predicate<IpAddress> clients, Predicate<Name> names, @Nullable ChoiceStream addresses) {
    this.clients = clients;
    this.names = names;
    this.addresses = addresses;
  }

  /** The answer instead of the right one; null when the fault does not concern the question. */
  @Nullable Message answer(IpAddress client, Message question) {
    Record asked = question.getQuestion();
    if (asked == null || !clients.test(client) || !names.test(asked.getName())) {
      return null;
    }
    Message answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    if (question.getHeader().getFlag(Flags.RD)) {
      answer.getHeader().setFlag(Flags.RD);
    }
    answer.addRecord(asked, Section.QUESTION);
    Record madeUp = addresses == null ? null : madeUp(asked, addresses);
    if (madeUp == null) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
    } else {
      answer.getHeader().setFlag(Flags.AA);
      answer.addRecord(madeUp, Section.ANSWER);
    }
    return answer;
  }

  private static @Nullable Record madeUp(Record asked, ChoiceStream choices) {
    return switch (asked.getType()) {
      case Type.A ->
          new ARecord(
              asked.getName(), asked.getDClass(), TTL_SECONDS, address(IPV4_BYTES, choices));
      case Type.AAAA ->
          new AAAARecord(
              asked.getName(), asked.getDClass(), TTL_SECONDS, address(IPV6_BYTES, choices));
      default -> null;
    };
  }

  private static InetAddress address(int length, ChoiceStream choices) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) choices.choose(BYTE_VALUES);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new SimulationBug(length + " bytes are an address: " + e.getMessage());
    }
  }
}

package dev.wavetank.scenarios.cluster;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Trail;
import dev.wavetank.dns.resolver.Lookup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Collects the steps of a {@link PathReport} while its packets are on their way. */
final class PathCollector implements Trail {

  private final List<String> resolution = new ArrayList<>();
  private final List<PathReport.Step> steps = new ArrayList<>();

  @Override
  public void step(String where, String rule, String words) {
    steps.add(new PathReport.Step(where, rule, words));
  }

  /** Takes the ways of the lookup's packets, and keeps of them what happened between the nodes. */
  Trail lookups() {
    return (where, rule, words) -> {
      boolean told = !resolution.isEmpty() && resolution.get(resolution.size() - 1).equals(words);
      if (where.equals("network") && !told) {
        resolution.add(words);
      }
    };
  }

  PathReport report(Reach reach) {
    return new PathReport(ImmutableList.copyOf(resolution), ImmutableList.copyOf(steps), reach);
  }

  /** The lookup, with its questions and answers noted. */
  Lookup watching(Lookup lookup) {
    return new Lookup() {
      @Override
      public @Nullable Ask ask() {
        Ask ask = lookup.ask();
        if (ask != null) {
          for (Message question : ask.questions()) {
            Record asked = question.getQuestion();
            resolution.add(
                "asks "
                    + ask.server()
                    + " for "
                    + asked.getName()
                    + " "
                    + Type.string(asked.getType()));
          }
        }
        return ask;
      }

      @Override
      public void answered(ImmutableList<Answer> answers) {
        for (Answer answer : answers) {
          resolution.add(words(answer.message()));
        }
        lookup.answered(answers);
      }

      @Override
      public void timedOut(ImmutableList<Answer> answers) {
        for (Answer answer : answers) {
          resolution.add(words(answer.message()));
        }
        resolution.add("no answer in time");
        lookup.timedOut(answers);
      }

      @Override
      public void timedOut() {
        timedOut(ImmutableList.of());
      }

      @Override
      public void refused() {
        resolution.add("the name server's address refuses");
        lookup.refused();
      }
    };
  }

  private static String words(Message message) {
    Record question = message.getQuestion();
    List<Record> answer = message.getSection(Section.ANSWER);
    String asked = question.getName() + " " + Type.string(question.getType());
    if (answer.isEmpty()) {
      boolean exists = message.getRcode() == Rcode.NOERROR;
      return asked + ": " + (exists ? "no record of that type" : Rcode.string(message.getRcode()));
    }
    List<String> values = new ArrayList<>();
    answer.forEach(record -> values.add(record.rdataToString()));
    return asked + ": " + Joiner.on(", ").join(values);
  }
}

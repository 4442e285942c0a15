package dev.wavetank.core.apiserver.flowcontrol;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * PriorityLevelConfigurations: how many requests of a level run at once, and what becomes of more.
 *
 * <p>Follows pkg/apis/flowcontrol/v1/defaults.go and pkg/apis/flowcontrol/validation/validation.go
 * (v1.36).
 */
final class PriorityLevelStrategy extends FlowControlStrategy {

  private static final String EXEMPT = "exempt";
  private static final String SHARES = "nominalConcurrencyShares";
  private static final String LENDABLE = "lendablePercent";
  private static final long QUEUES_MAX = 10_000_000;
  private static final int ENTROPY_BITS_MAX = 60;

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap exempt = spec.map(EXEMPT);
    if (exempt != null) {
      spec = spec.with(EXEMPT, exempt.withDefault(SHARES, 0L).withDefault(LENDABLE, 0L));
    }
    KubeMap limited = spec.map("limited");
    if (limited != null) {
      limited = limited.withDefault(SHARES, 30L).withDefault(LENDABLE, 0L);
      KubeMap response = limited.mapOrEmpty("limitResponse");
      KubeMap queuing = response.map("queuing");
      if (queuing != null) {
        queuing = nonZero(nonZero(queuing, "handSize", 8), "queues", 64);
        response = response.with("queuing", nonZero(queuing, "queueLengthLimit", 50));
      }
      spec = spec.with("limited", limited.with("limitResponse", response));
    }
    return object.withSpec(spec);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    String type = spec.string("type", "");
    if (object.name().equals(EXEMPT) != type.equals("Exempt")) {
      errors.invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'");
    }
    KubeMap exempt = spec.map(EXEMPT);
    KubeMap limited = spec.map("limited");
    switch (type) {
      case "Exempt" -> {
        if (limited != null) {
          errors.forbidden("spec.limited", "must be nil if the type is not Limited");
        }
        if (exempt != null) {
          shares(exempt, "spec.exempt", errors);
        }
      }
      case "Limited" -> {
        if (exempt != null) {
          errors.forbidden("spec.exempt", "must be nil if the type is Limited");
        }
        if (limited == null) {
          errors.required("spec.limited", "must not be empty when type is Limited");
        } else {
          limited(limited, errors);
        }
      }
      default -> errors.unsupported("spec.type", type, ImmutableList.of("Exempt", "Limited"));
    }
    mandatory(object, errors);
    conditions(object.status(), errors);
  }

  private static void shares(KubeMap map, String path, FieldErrors errors) {
    if (map.number(SHARES, 0) < 0) {
      errors.invalid(path + "." + SHARES, map.get(SHARES), "must be a non-negative integer");
    }
    lendable(map, path, errors);
  }

  private static void lendable(KubeMap map, String path, FieldErrors errors) {
    long percent = map.number(LENDABLE, 0);
    if (percent < 0 || percent > 100) {
      errors.invalid(path + "." + LENDABLE, percent, "must be between 0 and 100, inclusive");
    }
  }

  private static void limited(KubeMap limited, FieldErrors errors) {
    String path = "spec.limited";
    if (limited.number(SHARES, 0) < 0) {
      errors.invalid(path + "." + SHARES, limited.get(SHARES), "must be a non-negative integer");
    }
    response(limited.mapOrEmpty("limitResponse"), path + ".limitResponse", errors);
    lendable(limited, path, errors);
    if (limited.number("borrowingLimitPercent", 0) < 0) {
      errors.invalid(
          path + ".borrowingLimitPercent",
          limited.get("borrowingLimitPercent"),
          "if specified, must be a non-negative integer");
    }
  }

  private static void response(KubeMap response, String path, FieldErrors errors) {
    KubeMap queuing = response.map("queuing");
    String type = response.string("type", "");
    switch (type) {
      case "Reject" -> {
        if (queuing != null) {
          errors.forbidden(
              path + ".queuing", "must be nil if limited.limitResponse.type is not Limited");
        }
      }
      case "Queue" -> {
        if (queuing == null) {
          errors.required(
              path + ".queuing", "must not be empty if limited.limitResponse.type is Limited");
        } else {
          queuing(queuing, path + ".queuing", errors);
        }
      }
      default -> errors.unsupported(path + ".type", type, ImmutableList.of("Queue", "Reject"));
    }
  }

  private static void queuing(KubeMap queuing, String path, FieldErrors errors) {
    long length = queuing.number("queueLengthLimit", 0);
    if (length <= 0) {
      errors.invalid(path + ".queueLengthLimit", length, "must be positive");
    }
    long queues = queuing.number("queues", 0);
    if (queues <= 0) {
      errors.invalid(path + ".queues", queues, "must be positive");
    } else if (queues > QUEUES_MAX) {
      errors.invalid(path + ".queues", queues, "must not be greater than " + QUEUES_MAX);
    }
    long hand = queuing.number("handSize", 0);
    if (hand <= 0) {
      errors.invalid(path + ".handSize", hand, "must be positive");
    } else if (hand > queues) {
      errors.invalid(
          path + ".handSize", hand, "should not be greater than queues (" + queues + ")");
    } else if (entropyBits(queues, hand) > ENTROPY_BITS_MAX) {
      errors.invalid(
          path + ".handSize",
          hand,
          "required entropy bits of deckSize "
              + queues
              + " and handSize "
              + hand
              + " should not be greater than "
              + ENTROPY_BITS_MAX);
    }
  }

  /** How many bits tell apart all ways to draw a hand. */
  private static int entropyBits(long deck, long hand) {
    return (int) StrictMath.ceil(StrictMath.log((double) deck) / StrictMath.log(2) * hand);
  }

  private static void mandatory(KubeObject object, FieldErrors errors) {
    ObjectKey key = object.key(ResourceType.PRIORITY_LEVEL_CONFIGURATIONS);
    KubeObject fixed = FlowControlPolicy.ALL.get(key);
    if (fixed == null || !FlowControlPolicy.MANDATORY.contains(object.name())) {
      return;
    }
    boolean exempt = object.name().equals(EXEMPT);
    KubeMap asked = exempt ? object.spec().without(EXEMPT) : object.spec();
    KubeMap wanted = exempt ? fixed.spec().without(EXEMPT) : fixed.spec();
    if (!asked.equals(wanted)) {
      errors.invalid(
          "spec",
          object.spec(),
          "spec of '"
              + object.name()
              + (exempt
                  ? "' except the 'spec.exempt' field must equal the fixed value"
                  : "' must equal the fixed value"));
    }
  }
}

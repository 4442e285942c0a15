package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.UserInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of a client that is being handled: whose it is, and what the client is warned of.
 * Outside of a request there is no user: what the cluster's own components do is nobody's.
 */
public final class RequestContext {

  /** Most warnings that a client is told. */
  static final int WARNINGS_MAX = 100;

  private final List<String> warnings = new ArrayList<>();
  private @Nullable UserInfo user;

  /** A request begins. */
  public void begin(UserInfo asks) {
    warnings.clear();
    user = asks;
  }

  /** The request is over. */
  public void end() {
    warnings.clear();
    user = null;
  }

  /** Whose request is being handled; null for nobody's. */
  public @Nullable UserInfo user() {
    return user;
  }

  /** Tells the client something with its answer; nobody is told outside of a request. */
  public void warn(String text) {
    if (user != null && warnings.size() < WARNINGS_MAX) {
      warnings.add(text);
    }
  }

  /** What the client is to be told, in order. */
  public ImmutableList<String> warnings() {
    return ImmutableList.copyOf(warnings);
  }
}

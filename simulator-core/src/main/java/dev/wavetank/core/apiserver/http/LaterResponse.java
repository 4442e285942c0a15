package dev.wavetank.core.apiserver.http;

import java.util.function.Consumer;

/** A response that takes virtual time to come into being, because others have to be asked. */
public interface LaterResponse {

  /** Begins. Called once; the response is given once, at once or later. */
  void start(Consumer<ApiResponse> then);

  /** The client is gone: no response is wanted any more. Called any number of times. */
  void stop();
}

package dev.wavetank.core.kubectl;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.kubectl.resource.FileSource;

/**
 * What kubectl has around it: the cluster that it talks to, the clock, files and a context.
 *
 * @param context name of the kubeconfig's one context
 * @param namespace that the context names
 * @param serverAddress where the API server listens, such as {@code https://10.0.0.1:6443}
 */
record Session(
    ApiServer server,
    VirtualClock clock,
    FileSource files,
    PodStreams streams,
    String context,
    String namespace,
    String serverAddress) {}

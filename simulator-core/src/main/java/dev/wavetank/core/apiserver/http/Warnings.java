package dev.wavetank.core.apiserver.http;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The warnings of one request, each once.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/filters/warning.go (v1.36).
 */
final class Warnings {

  /** So many characters all texts may have; beyond, each is cut. */
  private static final int TOTAL_MAX = 4096;

  private static final int CUT_MAX = 256;

  private final Set<String> texts = new LinkedHashSet<>();

  void add(String text) {
    texts.add(text);
  }

  ApiResponse on(ApiResponse response) {
    int total = texts.stream().mapToInt(String::length).sum();
    ApiResponse warned = response;
    for (String text : texts) {
      String kept =
          total > TOTAL_MAX && text.length() > CUT_MAX ? text.substring(0, CUT_MAX) : text;
      String quoted = kept.replace("\\", "\\\\").replace("\"", "\\\"");
      warned = warned.with("Warning", "299 - \"" + quoted + "\"");
    }
    return warned;
  }
}

package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.base.Ascii;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * What a name below the cluster's zone asks for, in lower case; an empty part was not said.
 *
 * <p>Follows plugin/kubernetes/parse.go (CoreDNS v1.14).
 *
 * @param podOrSvc {@code pod}, {@code svc} or empty, which is a name without records of its own
 */
record RecordRequest(
    String port,
    String protocol,
    String endpoint,
    String service,
    String namespace,
    String podOrSvc) {

  static final String SVC = "svc";
  static final String POD = "pod";

  /** The zone itself and the names directly below it that hold all others. */
  private static final RecordRequest NO_DATA = new RecordRequest("", "", "", "", "", "");

  /**
   * Takes a name apart.
   *
   * @return null when no record can have that name
   */
  static @Nullable RecordRequest parse(Name name, Name zone) {
    int last = name.labels() - zone.labels() - 1;
    if (last < 0) {
      return NO_DATA;
    }
    String podOrSvc = label(name, last);
    if (!podOrSvc.equals(POD) && !podOrSvc.equals(SVC)) {
      return null;
    }
    if (last == 0) {
      return NO_DATA;
    }
    String namespace = label(name, last - 1);
    String service = last >= 2 ? label(name, last - 2) : "";
    return switch (last) {
      case 1, 2 -> new RecordRequest("", "", "", service, namespace, podOrSvc);
      case 3 -> new RecordRequest("", "", label(name, 0), service, namespace, podOrSvc);
      case 4 ->
          new RecordRequest(
              withoutUnderscore(label(name, 0)),
              withoutUnderscore(label(name, 1)),
              "",
              service,
              namespace,
              podOrSvc);
      default -> null;
    };
  }

  static String label(Name name, int position) {
    return Ascii.toLowerCase(name.getLabelString(position));
  }

  private static String withoutUnderscore(String label) {
    return label.startsWith("_") ? label.substring(1) : label;
  }
}

package dev.wavetank.dns.plugin;

/**
 * One link of the chain of a server block: answers a question or hands it to the next link.
 *
 * <p>Follows plugin/plugin.go (CoreDNS v1.14).
 */
public interface Handler {
  /** The plugin's word in a Corefile. */
  String name();

  /** The reply to this question; a handler that has none answers with a failure, never throws. */
  Reply serve(Query query);

  /** What stands behind the last plugin of a chain: nobody, which is a server failure. */
  Handler NONE =
      new Handler() {
        @Override
        public String name() {
          return "";
        }

        @Override
        public Reply serve(Query query) {
          return Reply.SERVER_FAILURE;
        }
      };
}

package dev.weir.core.config;

/**
 * A host (IPv4, IPv6 without brackets, or a name) and a port. Written {@code host:port}, IPv6 as
 * {@code [::1]:80}.
 */
public record HostPort(String host, int port) {
  /** Checks the host, and the range of the port: 0 means "any free port", for listeners only. */
  public HostPort {
    if (!isName(host) && Cidr.literal(host).isEmpty()) {
      throw new IllegalArgumentException(wrongHost(host));
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("the port must be 0..65535, is " + port);
    }
  }

  /** Whether the text can be a host name (RFC 1123 section 2.1, underscores allowed). */
  static boolean isName(String text) {
    return text.length() <= 253
        && text.matches("(?!\\d+(\\.\\d+)*$)[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_-]+)*\\.?");
  }

  private static String wrongHost(String host) {
    if (host.isEmpty()) {
      return "the host is missing; 0.0.0.0 stands for every IPv4 address, [::] for every address";
    }
    if (host.equals("*")) {
      return "'*' is not a host; 0.0.0.0 stands for every IPv4 address, [::] for every address";
    }
    return Quote.text(host) + " is neither an address nor a host name";
  }

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "must be host:port, is " + Quote.text(text) + "; the port is missing");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw new IllegalArgumentException(
            Quote.text(text) + " has brackets around what is no IPv6 address");
      }
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          Quote.text(text) + " is ambiguous; write an IPv6 address as [address]:port");
    }
    String digits = text.substring(colon + 1);
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "the port in " + Quote.text(text) + " must be a number, 0..65535");
    }
    return new HostPort(host, Integer.parseInt(digits));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}

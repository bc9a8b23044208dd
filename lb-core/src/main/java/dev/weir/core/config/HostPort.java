package dev.weir.core.config;

import java.nio.charset.StandardCharsets;

/**
 * Where something listens. Mostly a host (IPv4, IPv6 without brackets, or a name) and a port,
 * written {@code host:port}, IPv6 as {@code [::1]:80}. Of listeners it may be a range of ports,
 * {@code host:7000-7031}; of backends a port that depends on the one that the client came to,
 * {@code host:+1000}; of both a Unix socket, {@code unix:/run/web.sock}.
 *
 * @param host of a Unix socket: its path
 * @param port the first port of a range; 0: any free one, for listeners only; what is added to the
 *     client's, when relative
 * @param last the last port of a range; else as {@code port}
 */
public record HostPort(String host, int port, int last, Kind kind) {
  /** The most ports of a range. */
  public static final int MOST_PORTS = 1024;

  // sockaddr_un has 108 bytes, of which the last is a NUL (unix(7)).
  private static final int MOST_PATH_BYTES = 107;

  private static final String UNIX = "unix:";

  /** What the parts mean. */
  public enum Kind {
    /** Ports of a host. */
    PORTS,
    /** A port of a host that depends on where the client has connected to. */
    RELATIVE,
    /** A Unix socket. */
    UNIX
  }

  /** Checks the host or path, and the range of ports. */
  public HostPort {
    if (kind == Kind.UNIX) {
      checkPath(host);
    } else if (!isName(host) && Cidr.literal(host).isEmpty()) {
      throw new IllegalArgumentException(wrongHost(host));
    }
    if (kind == Kind.PORTS) {
      checkPort(port);
      checkPort(last);
    }
    if (kind == Kind.PORTS && last != port && (port == 0 || last < port)) {
      throw new IllegalArgumentException(
          "a range of ports goes from a port to a greater one, is " + port + "-" + last);
    }
    if (kind == Kind.PORTS && last - port >= MOST_PORTS) {
      throw new IllegalArgumentException(
          "a range has at most " + MOST_PORTS + " ports, has " + (last - port + 1));
    }
    if (kind == Kind.RELATIVE && Math.abs(port) > 65_535) {
      throw new IllegalArgumentException("at most 65535 may be added to a port, is " + port);
    }
  }

  /** A host and a port. */
  public HostPort(String host, int port) {
    this(host, port, port, Kind.PORTS);
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("the port must be 0..65535, is " + port);
    }
  }

  private static void checkPath(String path) {
    if (!path.startsWith("/") || path.endsWith("/")) {
      throw new IllegalArgumentException(
          "the path of a Unix socket must begin with '/' and name a file, is " + Quote.text(path));
    }
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("the path of a Unix socket holds a control character");
    }
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    if (length > MOST_PATH_BYTES) {
      throw new IllegalArgumentException(
          "the path of a Unix socket has at most "
              + MOST_PATH_BYTES
              + " bytes, "
              + Quote.text(path)
              + " has "
              + length);
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
    return new HostPort(hostOf(text), port(text, portsOf(text)));
  }

  /**
   * Reads what a listener binds to: {@code host:port}, {@code host:first-last} or {@code
   * unix:/path}.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static HostPort parseBind(String text) {
    if (text.startsWith(UNIX)) {
      return unix(text.substring(UNIX.length()));
    }
    String host = hostOf(text);
    String ports = portsOf(text);
    int dash = ports.indexOf('-');
    if (dash <= 0) {
      return new HostPort(host, port(text, ports));
    }
    int first = port(text, ports.substring(0, dash));
    return new HostPort(host, first, port(text, ports.substring(dash + 1)), Kind.PORTS);
  }

  /**
   * Reads where a backend listens: {@code host:port}, {@code host:+offset}, {@code host:-offset} or
   * {@code unix:/path}.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static HostPort parseAddress(String text) {
    if (text.startsWith(UNIX)) {
      return unix(text.substring(UNIX.length()));
    }
    String host = hostOf(text);
    String ports = portsOf(text);
    boolean less = ports.startsWith("-");
    if (less || ports.startsWith("+")) {
      int offset = port(text, ports.substring(1));
      return new HostPort(host, less ? -offset : offset, less ? -offset : offset, Kind.RELATIVE);
    }
    int port = port(text, ports);
    if (port == 0) {
      throw new IllegalArgumentException("the port of a backend must be 1..65535, is 0");
    }
    return new HostPort(host, port);
  }

  /** Reads what was found right in one way or the other. */
  static HostPort read(String text) {
    return text.startsWith(UNIX) || !portsOf(text).matches("[+-].*")
        ? parseBind(text)
        : parseAddress(text);
  }

  private static HostPort unix(String path) {
    return new HostPort(path, 0, 0, Kind.UNIX);
  }

  private static String portsOf(String text) {
    return text.substring(text.lastIndexOf(':') + 1);
  }

  private static String hostOf(String text) {
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
    return host;
  }

  private static int port(String text, String digits) {
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(
          "the port in " + Quote.text(text) + " must be a number, 0..65535");
    }
    return Integer.parseInt(digits);
  }

  /** Whether it is a Unix socket. */
  public boolean isUnix() {
    return kind == Kind.UNIX;
  }

  /** Whether the port depends on the client's. */
  public boolean isRelative() {
    return kind == Kind.RELATIVE;
  }

  /** How many ports; 0 of a Unix socket. */
  public int ports() {
    return isUnix() ? 0 : last - port + 1;
  }

  /** The same on one port. */
  public HostPort withPort(int one) {
    return new HostPort(host, one);
  }

  /** What a Host field says (RFC 9110 section 7.2); of a Unix socket {@code localhost}. */
  public String authority() {
    return isUnix() ? "localhost" : toString();
  }

  @Override
  public String toString() {
    if (isUnix()) {
      return UNIX + host;
    }
    String ports = isRelative() && port >= 0 ? "+" + port : String.valueOf(port);
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + ":"
        + ports
        + (last == port ? "" : "-" + last);
  }
}

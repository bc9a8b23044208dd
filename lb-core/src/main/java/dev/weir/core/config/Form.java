package dev.weir.core.config;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The forms that texts of a configuration take. The schema names them in {@code format} and gives
 * editors a pattern; what is wrong with a text is told here.
 */
enum Form {
  /** Any text. */
  FREE(null),
  /** Where the process itself binds. */
  BIND("^.+:\\d{1,5}$"),
  /** Where a listener binds. */
  LISTEN("^(unix:/.+|.+:\\d{1,5}(-\\d{1,5})?)$"),
  /** Where a backend listens. */
  ADDRESS("^(unix:/.+|.+:[+-]?\\d{1,5})$"),
  /** From where connections to backends are made. */
  SOURCE("^(client|[0-9A-Fa-f:.]+)$"),
  /** Permissions of a file. */
  MODE("^0?[0-7]{3}$"),
  /** What becomes of new work while all is down, unless it is a map. */
  ALL_DOWN("^(reset|close)$"),
  /** A duration. */
  DURATION(Durations.PATTERN),
  /** A network. */
  CIDR("^[0-9A-Fa-f:.]+(/\\d{1,3})?$"),
  /** A status code or a range of them. */
  STATUS(StatusRange.PATTERN),
  /** A name that the user gives. */
  NAME("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"),
  /** The path of a request, without a query. */
  PATH("^/[^?#]*$"),
  /** A request target in origin form (RFC 9112 section 3.2.1). */
  TARGET("^/[!-~]*$"),
  /** A host to match: a name or {@code *.suffix}. */
  HOST("^(\\*\\.)?[A-Za-z0-9_.:\\[\\]-]+$"),
  /** A name that TLS clients ask for: a host name, or {@code *.suffix}. */
  SNI("^(\\*\\.)?[A-Za-z0-9_.-]+$"),
  /** The name of a protocol in TLS (RFC 7301); visible ASCII, as all that are registered are. */
  ALPN("^[!-~]{1,255}$"),
  /** A value of a Host header. */
  AUTHORITY("^[A-Za-z0-9_.:\\[\\]-]+$"),
  /** Values of headers (RFC 9110 section 5.5), printable ASCII only; or file: and a path. */
  HEADER_VALUE("^[\\t -~]*$"),
  /** A text of some length; or file: and a path. */
  CONTENT(null);

  private static final int CONTENT_BYTES = 64 * 1024;

  private final String pattern;

  Form(String pattern) {
    this.pattern = pattern;
  }

  /** The pattern for editors; null when any text will do. */
  String pattern() {
    return pattern;
  }

  /** Its name in the schema. */
  String format() {
    return "weir-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The form with this name in the schema. */
  static Optional<Form> ofFormat(String format) {
    for (Form form : values()) {
      if (form.format().equals(format)) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  /** A sentence that says what is wrong with the text; empty when nothing is. */
  Optional<String> wrong(String text) {
    return Optional.ofNullable(
        switch (this) {
          case FREE -> null;
          case BIND -> sentence(() -> HostPort.parse(text));
          case LISTEN -> sentence(() -> HostPort.parseBind(text));
          case ADDRESS -> sentence(() -> HostPort.parseAddress(text));
          case SOURCE -> wrongSource(text);
          case MODE -> wrongMode(text);
          case ALL_DOWN -> sentence(() -> AllDownConfig.parse(text));
          case DURATION -> sentence(() -> Durations.parse(text));
          case CIDR -> sentence(() -> Cidr.parse(text));
          case STATUS -> sentence(() -> StatusRange.parse(text));
          case NAME -> wrongName(text);
          case PATH -> wrongPath(text);
          case TARGET -> wrongTarget(text);
          case HOST -> wrongHost(text);
          case SNI -> wrongSni(text);
          case ALPN -> wrongAlpn(text);
          case AUTHORITY -> wrongAuthority(text);
          case HEADER_VALUE -> wrongHeaderValue(text);
          case CONTENT -> wrongContent(text);
        });
  }

  private static String wrongSource(String text) {
    boolean address = Cidr.literal(text).filter(one -> !one.isAnyLocalAddress()).isPresent();
    return address || text.equals("client")
        ? null
        : "must be an address of this machine or 'client', is " + Quote.text(text);
  }

  private static String wrongMode(String text) {
    return text.matches("0?[0-7]{3}")
        ? null
        : "must be three octal digits such as \"0660\", is " + Quote.text(text);
  }

  private static String wrongName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
        ? null
        : "the name "
            + Quote.text(text)
            + " must be 1..63 letters, digits, '.', '_' or '-', beginning with a letter or digit";
  }

  private static String wrongPath(String text) {
    if (!text.startsWith("/")) {
      return "must begin with '/', is " + Quote.text(text);
    }
    return text.chars().anyMatch(c -> c <= ' ' || c == '?' || c == '#' || c == 0x7f)
        ? "must be a path without spaces, '?' and '#', is " + Quote.text(text)
        : null;
  }

  private static String wrongTarget(String text) {
    if (!text.startsWith("/")) {
      return "must begin with '/', is " + Quote.text(text);
    }
    return text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#')
        ? "must be visible ASCII without spaces and '#' (percent-encode the rest), is "
            + Quote.text(text)
        : null;
  }

  private static String wrongHost(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    return isHost(name) ? null : "must be a host name or '*.' and a suffix, is " + Quote.text(text);
  }

  // RFC 6066 section 3: names are in ASCII, and no addresses.
  private static String wrongSni(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    if (HostPort.isName(name)) {
      return null;
    }
    if (Cidr.literal(name).isPresent()) {
      return Quote.text(text) + " is an address; TLS clients ask for names only";
    }
    String ascii = text.chars().anyMatch(c -> c >= 0x80) ? ascii(name) : "";
    return "must be a host name or '*.' and a suffix, is "
        + Quote.text(text)
        + (ascii.isEmpty() ? "" : "; write " + Quote.text(text.replace(name, ascii)));
  }

  private static String ascii(String name) {
    try {
      return IDN.toASCII(name);
    } catch (IllegalArgumentException none) {
      return "";
    }
  }

  private static String wrongAlpn(String text) {
    return text.matches("[!-~]{1,255}")
        ? null
        : "must be the name of a protocol such as 'h2' or 'http/1.1', is " + Quote.text(text);
  }

  private static boolean isHost(String name) {
    boolean literal =
        name.startsWith("[")
            && name.endsWith("]")
            && name.indexOf(':') >= 0
            && Cidr.literal(name.substring(1, name.length() - 1)).isPresent();
    return literal || (HostPort.isName(name) || Cidr.literal(name).isPresent());
  }

  private static String wrongAuthority(String text) {
    boolean fine = isHost(text) || sentence(() -> HostPort.parse(text)) == null;
    return fine ? null : "must be a host name, with or without a port, is " + Quote.text(text);
  }

  /** Does not show the text, which may be a secret. */
  private static String wrongHeaderValue(String text) {
    if (!text.strip().equals(text)) {
      return "must not begin or end with white space";
    }
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c >= 0x7f)
        ? "must be printable ASCII: no line ends and no other control characters"
        : null;
  }

  /** Does not show the text, which may be a secret. */
  private static String wrongContent(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length > CONTENT_BYTES
        ? "must be at most 64 KiB"
        : null;
  }

  /** Whether texts of this form may be kept in a file of their own. */
  boolean mayBeInFile() {
    return this == HEADER_VALUE || this == CONTENT;
  }

  /** What is wrong with a name of a header (RFC 9110 section 5.1) that the user may set. */
  static Optional<String> wrongHeaderName(String name) {
    if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")) {
      return Optional.of(Quote.text(name) + " is not the name of a header");
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "host" -> Optional.of("the Host header is set with 'host:'");
      case "connection",
          "content-length",
          "transfer-encoding",
          "expect",
          "upgrade",
          "te",
          "keep-alive",
          "proxy-connection",
          "trailer",
          "http2-settings" ->
          Optional.of("the header " + Quote.text(name) + " is written by the proxy alone");
      default -> Optional.empty();
    };
  }

  private static String sentence(Runnable parse) {
    try {
      parse.run();
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}

package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fields of one whole ClientHello (RFC 8446 section 4.1.2), read in one pass in which no length
 * may say more than the one around it. Used by {@link HelloReader}, for one message each.
 */
final class HelloBody {
  private static final int SERVER_NAME = 0;
  private static final int PROTOCOLS = 16;
  private static final int HOST_NAME = 0;
  private static final int VERSION_AND_RANDOM = 2 + 32;
  private static final int LONGEST_SESSION_ID = 32;

  /** RFC 1035 section 2.3.4, as text. */
  private static final int LONGEST_NAME = 253;

  /** Says that something is not as it must be; has no place of its own, since nobody reads it. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed() {
      super(null, null, false, false);
    }
  }

  private final byte[] bytes;
  private int at;
  private boolean named;
  private String serverName;
  private List<String> protocols;

  private HelloBody(byte[] bytes, int from) {
    this.bytes = bytes;
    at = from;
  }

  /** Null when it is malformed. */
  static ClientHello read(byte[] bytes, int from, int to) {
    try {
      return new HelloBody(bytes, from).hello(to);
    } catch (Malformed wrong) {
      return null;
    }
  }

  private ClientHello hello(int end) {
    skip(VERSION_AND_RANDOM, end);
    int sessionId = number(1, end);
    demand(sessionId <= LONGEST_SESSION_ID);
    skip(sessionId, end);
    int suites = number(2, end);
    demand(suites > 0 && suites % 2 == 0);
    skip(suites, end);
    int compressions = number(1, end);
    demand(compressions > 0);
    skip(compressions, end);
    // Without extensions it is whole: TLS 1.0 had none.
    if (at < end) {
      int extensions = number(2, end);
      demand(at + extensions == end);
      while (at < end) {
        extension(end);
      }
    }
    return new ClientHello(serverName, protocols == null ? List.of() : List.copyOf(protocols));
  }

  private void extension(int end) {
    int type = number(2, end);
    int length = number(2, end);
    int next = at + length;
    demand(next <= end);
    if (type == SERVER_NAME) {
      demand(!named);
      named = true;
      names(next);
    } else if (type == PROTOCOLS) {
      demand(protocols == null);
      protocols = new ArrayList<>(4);
      offered(next);
    } else {
      at = next;
    }
  }

  // RFC 6066 section 3: not more than one name of a type. Other types have no meaning yet.
  private void names(int end) {
    int list = number(2, end);
    demand(list > 0 && at + list == end);
    boolean found = false;
    while (at < end) {
      int type = number(1, end);
      int length = number(2, end);
      int from = at;
      skip(length, end);
      if (type == HOST_NAME) {
        demand(!found);
        found = true;
        serverName = name(from, at);
      }
    }
  }

  /** Null for an address, which RFC 6066 section 3 does not allow and clients send all the same. */
  private String name(int from, int to) {
    int end = to - from > 1 && bytes[to - 1] == '.' ? to - 1 : to;
    demand(end > from);
    String name = new String(bytes, from, end - from, ISO_8859_1);
    if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
      return null;
    }
    demand(name.length() <= LONGEST_NAME);
    char before = '.';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean inLabel = letter || (c >= '0' && c <= '9') || c == '-' || c == '_';
      demand(inLabel || (c == '.' && before != '.'));
      before = c;
    }
    demand(before != '.');
    return name.toLowerCase(Locale.ROOT);
  }

  private void offered(int end) {
    int list = number(2, end);
    demand(list > 0 && at + list == end);
    while (at < end) {
      int length = number(1, end);
      int from = at;
      skip(length, end);
      demand(length > 0 && protocols.size() < ClientHello.MOST_PROTOCOLS);
      protocols.add(new String(bytes, from, length, ISO_8859_1));
    }
  }

  private int number(int size, int end) {
    demand(size <= end - at);
    int number = 0;
    for (int i = 0; i < size; i++) {
      number = number << 8 | (bytes[at++] & 0xff);
    }
    return number;
  }

  private void skip(int count, int end) {
    demand(count <= end - at);
    at += count;
  }

  private static void demand(boolean holds) {
    if (!holds) {
      throw new Malformed();
    }
  }
}

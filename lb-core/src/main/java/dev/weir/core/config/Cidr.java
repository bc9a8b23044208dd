package dev.weir.core.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A network. Written {@code 10.0.0.0/8} or {@code 2001:db8::/32}; an address alone means itself.
 * IPv4 addresses mapped into IPv6 count as IPv4.
 */
public final class Cidr {
  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads a network; never looks a name up.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] address =
        literal(slash < 0 ? text : text.substring(0, slash))
            .map(InetAddress::getAddress)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "must be a network such as 10.0.0.0/8 or 2001:db8::/32, is "
                            + Quote.text(text)));
    int all = address.length * 8;
    int bits = slash < 0 ? all : bits(text, text.substring(slash + 1), all);
    Cidr cidr = new Cidr(address, bits);
    for (int i = bits; i < all; i++) {
      if ((address[i / 8] >> (7 - i % 8) & 1) != 0) {
        throw new IllegalArgumentException(
            Quote.text(text) + " has address bits beyond its /" + bits);
      }
    }
    return cidr;
  }

  private static int bits(String text, String digits, int all) {
    if (digits.matches("\\d{1,3}") && Integer.parseInt(digits) <= all) {
      return Integer.parseInt(digits);
    }
    throw new IllegalArgumentException(
        "the number after '/' in " + Quote.text(text) + " must be 0.." + all);
  }

  /** The address, if the text is one and not a name; IPv6 without brackets. */
  static Optional<InetAddress> literal(String text) {
    boolean v6 = text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]{2,45}");
    if (!v6 && !text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException notAnAddress) {
      return Optional.empty();
    }
  }

  /** Whether the address is in the network. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (bytes[i] != network[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((bytes[whole] ^ network[whole]) & 0xff) >>> (8 - rest) == 0;
  }
}

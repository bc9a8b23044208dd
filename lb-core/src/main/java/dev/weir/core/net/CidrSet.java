package dev.weir.core.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A fixed set of networks, each as {@code address/prefix} or a single address. Immutable. */
public final class CidrSet {
  private static final int MAPPED_BITS = 96;

  private static final class Network {
    private final byte[] address;
    private final int prefix;

    Network(byte[] address, int prefix) {
      this.address = address;
      this.prefix = prefix;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = prefix / 8;
      for (int i = 0; i < whole; i++) {
        if (other[i] != address[i]) {
          return false;
        }
      }
      int rest = prefix % 8;
      int mask = 0xff00 >> rest;
      return rest == 0 || ((other[whole] ^ address[whole]) & mask & 0xff) == 0;
    }
  }

  private final List<Network> networks;

  private CidrSet(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * Reads networks.
   *
   * @throws IllegalArgumentException naming the text that is none
   */
  public static CidrSet of(List<String> texts) {
    List<Network> networks = new ArrayList<>();
    for (String text : texts) {
      networks.add(parse(text));
    }
    return new CidrSet(List.copyOf(networks));
  }

  private static Network parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address == null) {
      throw new IllegalArgumentException("'" + text + "' is not a network such as 10.0.0.0/8");
    }
    int bits = address.length * 8;
    String digits = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || Integer.parseInt(digits) > bits) {
      throw new IllegalArgumentException("the prefix of '" + text + "' is not in 0.." + bits);
    }
    int prefix = Integer.parseInt(digits);
    return mapped(address) && prefix >= MAPPED_BITS
        ? new Network(unmapped(address), prefix - MAPPED_BITS)
        : new Network(address, prefix);
  }

  /** RFC 4291 section 2.5.5.2: 80 bits of zeros, 16 of ones, an IPv4 address. */
  private static boolean mapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] unmapped(byte[] address) {
    return Arrays.copyOfRange(address, MAPPED_BITS / 8, address.length);
  }

  /** Whether there is no network in it. */
  public boolean isEmpty() {
    return networks.isEmpty();
  }

  /** Whether an address is in one of the networks; an IPv4-mapped IPv6 address counts as IPv4. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (mapped(bytes)) {
      bytes = unmapped(bytes);
    }
    for (int i = 0; i < networks.size(); i++) {
      if (networks.get(i).contains(bytes)) {
        return true;
      }
    }
    return false;
  }
}

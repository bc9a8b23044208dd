package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks against a model that computes with whole numbers. */
final class CidrSetTest {
  @Test
  void membershipAgreesWithArithmetic() throws Exception {
    SplittableRandom random = new SplittableRandom(23);
    int inside = 0;
    for (int round = 0; round < 50_000; round++) {
      int length = random.nextBoolean() ? 4 : 16;
      byte[] network = new byte[length];
      random.nextBytes(network);
      int prefix = random.nextInt(length * 8 + 1);
      // The address shares a random number of leading bits, so that edges are met often.
      byte[] address = network.clone();
      int changed = random.nextInt(length * 8 + 1);
      if (changed < length * 8) {
        address[changed / 8] ^= (byte) (0x80 >> changed % 8);
      }
      for (int bit = changed + 1; bit < length * 8; bit++) {
        if (random.nextBoolean()) {
          address[bit / 8] ^= (byte) (0x80 >> bit % 8);
        }
      }
      InetAddress asked = InetAddress.getByAddress(address);
      String text = InetAddress.getByAddress(network).getHostAddress() + "/" + prefix;
      if (asked.getAddress().length != length || text.contains(".") != (length == 4)) {
        continue;
      }
      boolean model =
          new BigInteger(1, address)
              .shiftRight(length * 8 - prefix)
              .equals(new BigInteger(1, network).shiftRight(length * 8 - prefix));
      assertThat(CidrSet.of(List.of(text)).contains(asked))
          .as("%s %s", text, asked)
          .isEqualTo(model);
      inside += model ? 1 : 0;
    }
    assertThat(inside).isBetween(15_000, 35_000);
  }

  @Test
  void anAddressIsInTheSetWhenItIsInAnyOfTheNetworks() throws Exception {
    CidrSet set = CidrSet.of(List.of("10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::1"));
    assertThat(in(set, "10.255.255.255")).isTrue();
    assertThat(in(set, "11.0.0.0")).isFalse();
    assertThat(in(set, "192.0.2.1")).isTrue();
    assertThat(in(set, "192.0.2.2")).isFalse();
    assertThat(in(set, "2001:db8:ffff::1")).isTrue();
    assertThat(in(set, "2001:db9::")).isFalse();
    assertThat(in(set, "::1")).isTrue();
    assertThat(set.isEmpty()).isFalse();
    assertThat(CidrSet.of(List.of()).isEmpty()).isTrue();
    assertThat(in(CidrSet.of(List.of()), "::1")).isFalse();
  }

  @Test
  void theWholeOfOneFamilyHoldsNothingOfTheOther() throws Exception {
    assertThat(in(CidrSet.of(List.of("0.0.0.0/0")), "255.255.255.255")).isTrue();
    assertThat(in(CidrSet.of(List.of("0.0.0.0/0")), "::1")).isFalse();
    assertThat(in(CidrSet.of(List.of("::/0")), "1.2.3.4")).isFalse();
    assertThat(in(CidrSet.of(List.of("::/0")), "ffff::")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.2.3, true",
    "10.0.0.0/8, 11.1.2.3, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.1.2.3, false",
    "::ffff:10.1.2.3, 10.1.2.3, true",
  })
  void anIpv4AddressMappedIntoIpv6CountsAsIpv4(String network, String address, boolean inside)
      throws Exception {
    CidrSet set = CidrSet.of(List.of(network));
    byte[] v4 = InetAddress.getByName(address).getAddress();
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(v4, 0, mapped, 12, 4);
    assertThat(set.contains(InetAddress.getByAddress(v4))).isEqualTo(inside);
    // Java turns most mapped addresses into IPv4 itself; not this one.
    assertThat(set.contains(Inet6Address.getByAddress("", mapped, 0))).isEqualTo(inside);
  }

  private static boolean in(CidrSet set, String address) throws Exception {
    return set.contains(InetAddress.getByName(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "::/129",
        "10.0.0/8",
        "10.0.0.256",
        "example.com",
        "::g/8",
        "10.0.0.0 /8",
        "10.0.0.0/ 8",
        "10.0.0.0/\u0668",
        "10.0.0.0/0008"
      })
  void whatIsNoNetworkIsRefusedByName(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CidrSet.of(List.of(text)))
        .withMessageContaining("'" + text + "'");
  }
}

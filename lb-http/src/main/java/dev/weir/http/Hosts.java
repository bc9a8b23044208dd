package dev.weir.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Host names of conditions: in small letters, without a final dot; and a list of them to match. */
final class Hosts implements Condition {
  private final HostTable<Boolean> exact;
  private final HostTable<Boolean> suffixes;

  Hosts(List<String> hosts) {
    exact = table(hosts.stream().map(Hosts::normal).filter(h -> !isPattern(h)).toList());
    suffixes =
        table(
            hosts.stream().map(Hosts::normal).filter(Hosts::isPattern).map(Hosts::suffix).toList());
  }

  private static HostTable<Boolean> table(List<String> names) {
    Map<String, Boolean> map =
        names.stream().distinct().collect(Collectors.toMap(name -> name, name -> true));
    return new HostTable<>(map);
  }

  /** The one way to write a host of a condition. */
  static String normal(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Whether it is {@code *.suffix}. */
  static boolean isPattern(String host) {
    return host.startsWith("*.");
  }

  /** The suffix with its dot. */
  static String suffix(String pattern) {
    return pattern.substring(1);
  }

  @Override
  public boolean test(Head head, Client client) {
    int from = head.hostStart();
    if (from < 0) {
      return false;
    }
    int to = withoutPort(head.bytes, from, head.hostEnd());
    if (exact.get(head.bytes, from, to) != null) {
      return true;
    }
    for (int i = from + 1; i < to; i++) {
      if (head.bytes[i] == '.' && suffixes.get(head.bytes, i, to) != null) {
        return true;
      }
    }
    return false;
  }

  /** RFC 3986 section 3.2: the port, and a final dot of the name, do not tell hosts apart. */
  static int withoutPort(byte[] bytes, int from, int to) {
    int end = to;
    for (int i = to - 1; i > from && bytes[i] != ']'; i--) {
      if (bytes[i] == ':') {
        end = i;
        break;
      }
    }
    return end > from + 1 && bytes[end - 1] == '.' ? end - 1 : end;
  }
}

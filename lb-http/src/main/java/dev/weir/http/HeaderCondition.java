package dev.weir.http;

import dev.weir.core.config.MatchConfig;
import java.util.Locale;

/**
 * A condition on a header field. Every line of that name is seen, and every member of a line
 * between commas (RFC 9110 section 5.3: lines may be joined or not), so that a second value cannot
 * hide behind a first one. Fields that the backend will not get are not seen.
 */
final class HeaderCondition implements Condition {
  private final byte[] name;
  private final ValueTest test;

  HeaderCondition(MatchConfig.Value value) {
    name = Chars.bytes(value.name().toLowerCase(Locale.ROOT));
    test = new ValueTest(value);
  }

  @Override
  public boolean test(Head head, Client client) {
    for (int i = 0; i < head.count(); i++) {
      if (Chars.equalsLower(head.bytes, head.nameStart(i), head.nameEnd(i), name)
          && seen(head, i, client)
          && accepts(head, i)) {
        return !test.absent;
      }
    }
    return test.absent;
  }

  private boolean accepts(Head head, int field) {
    int from = head.valueStart(field);
    int to = head.valueEnd(field);
    if (test.accepts(head.bytes, from, to)) {
      return true;
    }
    int start = from;
    for (int i = from; i <= to; i++) {
      boolean end = i == to;
      if (end && start == from) {
        return false;
      }
      if (end || head.bytes[i] == ',') {
        if (member(head.bytes, start, i)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private boolean member(byte[] bytes, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && blank(bytes[start])) {
      start++;
    }
    while (end > start && blank(bytes[end - 1])) {
      end--;
    }
    return test.accepts(bytes, start, end);
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  /**
   * Whether the backend gets it: not when Connection names it, when it tells of earlier proxies and
   * comes from someone who is not believed, or when its name has an underscore. Upgrade is written
   * anew, so it is seen when it has an effect.
   */
  private static boolean seen(Head head, int field, Client client) {
    Name known = head.name(field);
    if (known == Name.UPGRADE) {
      return FieldRules.wantsUpgrade(head);
    }
    if (head.dropped(field)) {
      return false;
    }
    if (known == Name.OTHER) {
      return !Forwarding.hidden(head, field, client.trusted());
    }
    return !FieldRules.forwarding(known) || client.trusted();
  }
}

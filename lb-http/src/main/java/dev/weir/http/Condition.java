package dev.weir.http;

import dev.weir.core.config.MatchConfig;
import dev.weir.core.net.CidrSet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a request meets or not. Immutable; asked on every event loop. Works on the slices
 * of the head.
 */
@FunctionalInterface
interface Condition {
  boolean test(Head head, Client client);

  /** All of them; null when there is none. */
  static Condition all(List<Condition> conditions) {
    if (conditions.size() <= 1) {
      return conditions.isEmpty() ? null : conditions.get(0);
    }
    Condition[] each = conditions.toArray(Condition[]::new);
    return (head, client) -> {
      for (Condition condition : each) {
        if (!condition.test(head, client)) {
          return false;
        }
      }
      return true;
    };
  }

  /** At least one of them. */
  static Condition any(List<Condition> conditions) {
    Condition[] each = conditions.toArray(Condition[]::new);
    return (head, client) -> {
      for (Condition condition : each) {
        if (condition.test(head, client)) {
          return true;
        }
      }
      return false;
    };
  }

  /**
   * All that a configured match says.
   *
   * @throws IllegalArgumentException when it is not checked and something is wrong with it
   */
  static Condition whole(MatchConfig match) {
    List<Condition> parts = new ArrayList<>();
    if (!match.hosts().isEmpty()) {
      parts.add(new Hosts(match.hosts()));
    }
    if (match.path() != null) {
      Path path = Path.of(match.path());
      Path decoded = path.decoded();
      parts.add(
          (head, client) ->
              (head.decodedView ? decoded : path)
                  .matches(head.pathArray(), head.pathFrom(), head.pathTo()));
    }
    Condition rest = beyondHostAndPath(match);
    if (rest != null) {
      parts.add(rest);
    }
    Condition whole = all(parts);
    return whole == null ? (head, client) -> true : whole;
  }

  /** What a configured match says beside hosts and path; null when that is nothing. */
  static Condition beyondHostAndPath(MatchConfig match) {
    List<Condition> parts = new ArrayList<>();
    if (!match.methods().isEmpty()) {
      parts.add(methods(match.methods()));
    }
    match.headers().forEach(value -> parts.add(new HeaderCondition(value)));
    match.query().forEach(value -> parts.add(new QueryCondition(value)));
    match.cookies().forEach(value -> parts.add(new CookieCondition(value)));
    if (!match.sources().isEmpty()) {
      CidrSet networks = CidrSet.of(match.sources());
      parts.add(
          (head, client) -> {
            InetAddress source = client.source();
            return source != null && networks.contains(source);
          });
    }
    match.all().forEach(part -> parts.add(whole(part)));
    if (!match.any().isEmpty()) {
      parts.add(any(match.any().stream().map(Condition::whole).toList()));
    }
    if (match.not() != null) {
      Condition not = whole(match.not());
      parts.add((head, client) -> !not.test(head, client));
    }
    return all(parts);
  }

  private static Condition methods(List<String> names) {
    byte[][] methods = names.stream().map(Chars::bytes).toArray(byte[][]::new);
    return (head, client) -> {
      for (byte[] method : methods) {
        if (Chars.equalsExact(head.bytes, head.methodStart, head.methodEnd, method)) {
          return true;
        }
      }
      return false;
    };
  }
}

package dev.weir.tcp;

import dev.weir.core.config.MatchConfig;
import dev.weir.core.net.CidrSet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Turns what is configured to match connections into predicates. They are asked on event loops. */
final class Conditions {
  private Conditions() {}

  /** Whether it cannot be told without the client's TLS hello. */
  static boolean needHello(MatchConfig match) {
    return match != null
        && (!match.sni().isEmpty()
            || !match.alpn().isEmpty()
            || needHello(match.not())
            || match.all().stream().anyMatch(Conditions::needHello)
            || match.any().stream().anyMatch(Conditions::needHello));
  }

  /** All that a match says. */
  static Predicate<Arrival> whole(MatchConfig match) {
    Predicate<Arrival> rest = beyondName(match);
    Predicate<Arrival> names = match.sni().isEmpty() ? null : new ServerNames(match.sni());
    if (names == null) {
      return rest == null ? arrival -> true : rest;
    }
    return rest == null ? names : names.and(rest);
  }

  /** What a match says beside the names; null when that is nothing. */
  static Predicate<Arrival> beyondName(MatchConfig match) {
    if (match == null) {
      return null;
    }
    List<Predicate<Arrival>> parts = new ArrayList<>();
    if (!match.alpn().isEmpty()) {
      Set<String> wanted = Set.copyOf(match.alpn());
      parts.add(arrival -> arrival.hello().protocols().stream().anyMatch(wanted::contains));
    }
    if (!match.sources().isEmpty()) {
      CidrSet networks = CidrSet.of(match.sources());
      parts.add(
          arrival -> {
            InetSocketAddress source = arrival.source();
            return source != null && networks.contains(source.getAddress());
          });
    }
    match.all().forEach(part -> parts.add(whole(part)));
    match.any().stream().map(Conditions::whole).reduce(Predicate::or).ifPresent(parts::add);
    if (match.not() != null) {
      parts.add(whole(match.not()).negate());
    }
    return parts.stream().reduce(Predicate::and).orElse(null);
  }
}

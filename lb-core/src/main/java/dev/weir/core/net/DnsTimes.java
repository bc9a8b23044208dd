package dev.weir.core.net;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache that never answers, and only remembers how long the newest answer for each name holds:
 * the one place where Netty's resolver tells. Written by the resolver's event loop, read by any
 * thread.
 */
final class DnsTimes implements DnsCache {
  private static final int MOST = 20_000;

  private final Map<String, Duration> times = new ConcurrentHashMap<>();

  /** How long the newest answer holds. */
  Duration of(String name, Duration otherwise) {
    return times.getOrDefault(key(name), otherwise);
  }

  private static String key(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, InetAddress address, long seconds, EventLoop loop) {
    if (times.size() >= MOST) {
      times.clear();
    }
    times.put(key(name), Duration.ofSeconds(seconds));
    return new Entry(address, null);
  }

  @Override
  public DnsCacheEntry cache(
      String name, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return new Entry(null, cause);
  }

  @Override
  public List<? extends DnsCacheEntry> get(String name, DnsRecord[] additionals) {
    return null;
  }

  @Override
  public void clear() {
    times.clear();
  }

  @Override
  public boolean clear(String name) {
    return times.remove(key(name)) != null;
  }

  private record Entry(InetAddress address, Throwable cause) implements DnsCacheEntry {}
}

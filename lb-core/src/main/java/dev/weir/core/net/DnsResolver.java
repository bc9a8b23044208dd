package dev.weir.core.net;

import dev.weir.core.discovery.Resolver;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Looks names up in the hosts file and with the name servers of the machine, on one event loop.
 * Remembers nothing but how long answers hold; who asks again wants a new answer. {@code localhost}
 * and names below it need no look-up (RFC 6761 section 6.3). Any thread may ask.
 */
public final class DnsResolver implements Resolver, AutoCloseable {
  /** How long an answer of the hosts file holds. */
  private static final Duration HOSTS_FILE = Duration.ofSeconds(60);

  private static final int QUERY_MILLIS = 2_000;
  private static final int MOST_ADDRESSES = 16;
  private static final int LONGEST_REASON = 200;

  private final DnsTimes times = new DnsTimes();
  private final DnsNameResolver names;

  /** Asks the name servers of the machine. */
  public DnsResolver(Loops loops) {
    this(loops, DnsServerAddressStreamProviders.platformDefault());
  }

  DnsResolver(Loops loops, DnsServerAddressStreamProvider servers) {
    Transport transport = loops.transport();
    names =
        new DnsNameResolverBuilder(loops.get(0).loop())
            .datagramChannelFactory(transport::datagram)
            .socketChannelFactory(() -> (SocketChannel) transport.socket())
            .nameServerProvider(servers)
            .resolveCache(times)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .queryTimeoutMillis(QUERY_MILLIS)
            .build();
  }

  @Override
  public void resolve(String host, Consumer<Answer> done) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      done.accept(new Answer.Found(List.of(InetAddress.getLoopbackAddress()), HOSTS_FILE));
      return;
    }
    names
        .resolveAll(name)
        .addListener((Future<List<InetAddress>> future) -> done.accept(answer(name, future)));
  }

  private Answer answer(String name, Future<List<InetAddress>> future) {
    if (!future.isSuccess()) {
      return new Answer.Failed(reason(future.cause()));
    }
    List<InetAddress> found = future.getNow();
    return new Answer.Found(
        List.copyOf(found.subList(0, Math.min(found.size(), MOST_ADDRESSES))),
        times.of(name, HOSTS_FILE));
  }

  private static String reason(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof DnsErrorCauseException answered) {
        return "the name server says " + answered.getCode();
      }
      if (at instanceof DnsNameResolverTimeoutException) {
        return "the name server does not answer within " + QUERY_MILLIS + " ms";
      }
    }
    String message = String.valueOf(failure.getMessage());
    return message.substring(0, Math.min(message.length(), LONGEST_REASON));
  }

  @Override
  public void close() {
    names.close();
  }
}

package dev.weir.core.net;

import static io.netty.channel.ChannelOption.ALLOW_HALF_CLOSURE;
import static io.netty.channel.ChannelOption.IP_TOS;
import static io.netty.channel.ChannelOption.SO_KEEPALIVE;
import static io.netty.channel.ChannelOption.SO_LINGER;
import static io.netty.channel.ChannelOption.SO_RCVBUF;
import static io.netty.channel.ChannelOption.SO_REUSEADDR;
import static io.netty.channel.ChannelOption.SO_SNDBUF;
import static io.netty.channel.ChannelOption.TCP_NODELAY;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Map;

/** The options of one {@link EpollTcpChannel}; each is asked of or told to the kernel when used. */
final class EpollTcpConfig extends DefaultChannelConfig implements SocketChannelConfig {
  // The channel sizes its reads itself, so one for all will do; a new one each time is garbage.
  private static final RecvByteBufAllocator UNUSED = new FixedRecvByteBufAllocator(2048);

  // As in the kernel's headers.
  private static final int TCP = 6;
  private static final int TCP_USER_TIMEOUT = 18;

  private final EpollTcpChannel tcp;
  private final Socket socket;
  private volatile boolean allowHalfClosure;

  EpollTcpConfig(EpollTcpChannel channel, Socket socket) {
    super(channel, UNUSED);
    tcp = channel;
    this.socket = socket;
  }

  /** A call to the kernel that may fail because the socket is closed. */
  private interface Call<T> {
    T make() throws IOException;
  }

  private static <T> T get(Call<T> call) {
    try {
      return call.make();
    } catch (IOException failure) {
      throw new ChannelException(failure);
    }
  }

  @Override
  public Map<ChannelOption<?>, Object> getOptions() {
    return getOptions(
        super.getOptions(),
        ALLOW_HALF_CLOSURE,
        TCP_NODELAY,
        SO_KEEPALIVE,
        SO_REUSEADDR,
        SO_RCVBUF,
        SO_SNDBUF,
        SO_LINGER,
        IP_TOS);
  }

  @Override
  @SuppressWarnings("unchecked") // the option's type parameter is that of its value
  public <T> T getOption(ChannelOption<T> option) {
    return (T) valueOf(option);
  }

  private Object valueOf(ChannelOption<?> option) {
    if (option.equals(ALLOW_HALF_CLOSURE)) {
      return isAllowHalfClosure();
    }
    if (option.equals(SO_LINGER)) {
      return getSoLinger();
    }
    if (option.equals(TCP_NODELAY)) {
      return isTcpNoDelay();
    }
    if (option.equals(SO_KEEPALIVE)) {
      return isKeepAlive();
    }
    if (option.equals(SO_REUSEADDR)) {
      return isReuseAddress();
    }
    if (option.equals(SO_RCVBUF)) {
      return getReceiveBufferSize();
    }
    if (option.equals(SO_SNDBUF)) {
      return getSendBufferSize();
    }
    if (option.equals(IP_TOS)) {
      return getTrafficClass();
    }
    if (option.equals(EpollChannelOption.TCP_USER_TIMEOUT)) {
      return get(() -> socket.getIntOpt(TCP, TCP_USER_TIMEOUT));
    }
    if (option instanceof IntegerUnixChannelOption raw) {
      return get(() -> socket.getIntOpt(raw.level(), raw.optname()));
    }
    return super.getOption(option);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    validate(option, value);
    if (option.equals(ALLOW_HALF_CLOSURE)) {
      setAllowHalfClosure((Boolean) value);
    } else if (option.equals(SO_LINGER)) {
      setSoLinger((Integer) value);
    } else if (option.equals(TCP_NODELAY)) {
      setTcpNoDelay((Boolean) value);
    } else if (option.equals(SO_KEEPALIVE)) {
      setKeepAlive((Boolean) value);
    } else if (option.equals(SO_REUSEADDR)) {
      setReuseAddress((Boolean) value);
    } else if (option.equals(SO_RCVBUF)) {
      setReceiveBufferSize((Integer) value);
    } else if (option.equals(SO_SNDBUF)) {
      setSendBufferSize((Integer) value);
    } else if (option.equals(IP_TOS)) {
      setTrafficClass((Integer) value);
    } else if (option.equals(EpollChannelOption.TCP_USER_TIMEOUT)) {
      if (!tcp.unix) {
        set(() -> socket.setIntOpt(TCP, TCP_USER_TIMEOUT, (Integer) value));
      }
    } else if (option instanceof IntegerUnixChannelOption raw) {
      set(() -> socket.setIntOpt(raw.level(), raw.optname(), (Integer) value));
    } else {
      return super.setOption(option, value);
    }
    return true;
  }

  private interface Change {
    void make() throws IOException;
  }

  private EpollTcpConfig set(Change change) {
    try {
      change.make();
    } catch (IOException failure) {
      throw new ChannelException(failure);
    }
    return this;
  }

  @Override
  protected void autoReadCleared() {
    tcp.stopReading();
  }

  @Override
  public boolean isAllowHalfClosure() {
    return allowHalfClosure;
  }

  @Override
  public EpollTcpConfig setAllowHalfClosure(boolean allow) {
    allowHalfClosure = allow;
    return this;
  }

  @Override
  public int getSoLinger() {
    return get(socket::getSoLinger);
  }

  /**
   * Sets how a close ends the connection.
   *
   * @param seconds 0 for a reset, below 0 for the ordinary end; above 0 a close would block the
   *     loop
   */
  @Override
  public EpollTcpConfig setSoLinger(int seconds) {
    if (seconds > 0) {
      throw new IllegalArgumentException("a close that waits would block the event loop");
    }
    return set(() -> socket.setSoLinger(seconds));
  }

  @Override
  public boolean isTcpNoDelay() {
    return get(socket::isTcpNoDelay);
  }

  @Override
  public EpollTcpConfig setTcpNoDelay(boolean value) {
    return set(() -> socket.setTcpNoDelay(value));
  }

  @Override
  public boolean isKeepAlive() {
    return get(socket::isKeepAlive);
  }

  @Override
  public EpollTcpConfig setKeepAlive(boolean value) {
    return set(() -> socket.setKeepAlive(value));
  }

  @Override
  public boolean isReuseAddress() {
    return get(socket::isReuseAddress);
  }

  @Override
  public EpollTcpConfig setReuseAddress(boolean value) {
    return set(() -> socket.setReuseAddress(value));
  }

  @Override
  public int getReceiveBufferSize() {
    return get(socket::getReceiveBufferSize);
  }

  @Override
  public EpollTcpConfig setReceiveBufferSize(int value) {
    return set(() -> socket.setReceiveBufferSize(value));
  }

  @Override
  public int getSendBufferSize() {
    return get(socket::getSendBufferSize);
  }

  @Override
  public EpollTcpConfig setSendBufferSize(int value) {
    return set(() -> socket.setSendBufferSize(value));
  }

  @Override
  public int getTrafficClass() {
    return get(socket::getTrafficClass);
  }

  @Override
  public EpollTcpConfig setTrafficClass(int value) {
    return set(() -> socket.setTrafficClass(value));
  }

  @Override
  public EpollTcpConfig setPerformancePreferences(int time, int latency, int bandwidth) {
    return this;
  }

  @Override
  public EpollTcpConfig setConnectTimeoutMillis(int value) {
    super.setConnectTimeoutMillis(value);
    return this;
  }

  @Override
  public EpollTcpConfig setWriteSpinCount(int value) {
    super.setWriteSpinCount(value);
    return this;
  }

  @Override
  public EpollTcpConfig setAllocator(ByteBufAllocator value) {
    super.setAllocator(value);
    return this;
  }

  @Override
  public EpollTcpConfig setRecvByteBufAllocator(RecvByteBufAllocator value) {
    super.setRecvByteBufAllocator(value);
    return this;
  }

  @Override
  public EpollTcpConfig setAutoRead(boolean value) {
    super.setAutoRead(value);
    return this;
  }

  @Override
  public EpollTcpConfig setAutoClose(boolean value) {
    super.setAutoClose(value);
    return this;
  }

  @Override
  public EpollTcpConfig setMessageSizeEstimator(MessageSizeEstimator value) {
    super.setMessageSizeEstimator(value);
    return this;
  }

  @Override
  public EpollTcpConfig setWriteBufferWaterMark(WriteBufferWaterMark value) {
    super.setWriteBufferWaterMark(value);
    return this;
  }

  @Override
  @Deprecated
  public EpollTcpConfig setMaxMessagesPerRead(int value) {
    super.setMaxMessagesPerRead(value);
    return this;
  }
}

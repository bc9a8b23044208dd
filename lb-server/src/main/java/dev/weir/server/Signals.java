package dev.weir.server;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * The signals of the operating system, turned into calls. Installed by the command that runs the
 * balancer; a shutdown hook would not do, since with one a JVM ends with status 143 and ignores a
 * second SIGTERM. Reaches {@code sun.misc.Signal} by reflection: the JDK has no other interface to
 * signals and javac cannot be told to accept this one without a warning.
 */
public final class Signals {
  private Signals() {}

  /** What a signal asks for. */
  public enum Wish {
    /** SIGTERM: end gracefully. */
    END("TERM"),
    /** SIGINT: end gracefully, without the delay before accepting stops. */
    END_SOON("INT"),
    /** SIGHUP: read the configuration file again. */
    RELOAD("HUP"),
    /** SIGUSR1: open log files anew. */
    REOPEN("USR1");

    private final String signal;

    Wish(String signal) {
      this.signal = signal;
    }

    /** The signal's name without SIG. */
    public String signal() {
      return signal;
    }
  }

  /**
   * Takes the signals of this process from now on.
   *
   * @param wishes called on a thread of the JVM's own for each signal; must not block
   * @throws IllegalStateException when this Java offers no signals (module jdk.unsupported)
   */
  public static void install(Consumer<Wish> wishes) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      for (Wish wish : Wish.values()) {
        Object handler = handler(handlerType, wish, wishes);
        Object signal = signalType.getConstructor(String.class).newInstance(wish.signal);
        signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
      }
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException("this Java has no module jdk.unsupported", missing);
    }
  }

  private static Object handler(Class<?> type, Wish wish, Consumer<Wish> wishes) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          if (method.getName().equals("handle")) {
            wishes.accept(wish);
            return null;
          }
          // The JVM only calls handle; equals, hashCode and toString of a proxy are ours to answer.
          return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "signal handler for " + wish;
          };
        });
  }
}

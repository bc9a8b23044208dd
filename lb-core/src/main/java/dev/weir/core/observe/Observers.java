package dev.weir.core.observe;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.DetectorState;
import dev.weir.core.backend.Health;
import dev.weir.core.config.AdminState;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every event to several observers in turn. What one of them throws is logged, and reaches
 * neither the others nor traffic. Immutable; called wherever the events happen.
 */
public final class Observers implements LbObserver {
  private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

  private final LbObserver[] observers;

  private Observers(List<LbObserver> observers) {
    this.observers = observers.toArray(new LbObserver[0]);
  }

  /** All of these as one. */
  public static LbObserver of(List<LbObserver> observers) {
    return new Observers(observers);
  }

  @Override
  public void connectionOpened(int loop, String listener) {
    for (LbObserver observer : observers) {
      try {
        observer.connectionOpened(loop, listener);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void connectionRefused(int loop, String listener, Cause cause) {
    for (LbObserver observer : observers) {
      try {
        observer.connectionRefused(loop, listener, cause);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void proxyHeader(int loop, String listener, ProxyHeader header) {
    for (LbObserver observer : observers) {
      try {
        observer.proxyHeader(loop, listener, header);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void connectionClosed(int loop, String listener, Cause cause) {
    for (LbObserver observer : observers) {
      try {
        observer.connectionClosed(loop, listener, cause);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void datagramDropped(int loop, String listener, Drop why) {
    for (LbObserver observer : observers) {
      try {
        observer.datagramDropped(loop, listener, why);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void exchangeEnded(EndSummary exchange) {
    for (LbObserver observer : observers) {
      try {
        observer.exchangeEnded(exchange);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void sessionEnded(EndSummary session) {
    for (LbObserver observer : observers) {
      try {
        observer.sessionEnded(session);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  @Override
  public void healthChanged(Backend backend, Health from, Health to, String reason) {
    each(observer -> observer.healthChanged(backend, from, to, reason));
  }

  @Override
  public void detectorChanged(
      Backend backend, DetectorState from, DetectorState to, String reason) {
    each(observer -> observer.detectorChanged(backend, from, to, reason));
  }

  @Override
  public void adminChanged(Backend backend, AdminState from, AdminState to) {
    each(observer -> observer.adminChanged(backend, from, to));
  }

  @Override
  public void poolTurned(String pool, boolean eligible) {
    each(observer -> observer.poolTurned(pool, eligible));
  }

  @Override
  public void listenerTurned(String listener, ListenerState state, String reason) {
    each(observer -> observer.listenerTurned(listener, state, reason));
  }

  @Override
  public void applied(long generation, String author, String reason) {
    each(observer -> observer.applied(generation, author, reason));
  }

  // For the rare events; the frequent ones above are written out because a closure allocates.
  private void each(Consumer<LbObserver> event) {
    for (LbObserver observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException failure) {
        failed(observer, failure);
      }
    }
  }

  private static void failed(LbObserver observer, RuntimeException failure) {
    LOG.error("observer {} failed", observer.getClass().getName(), failure);
  }
}

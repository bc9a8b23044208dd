package dev.weir.core.balance;

import dev.weir.core.backend.Backend;
import java.util.random.RandomGenerator;

/** What a picker may know of a request or connection; the session or exchange itself. */
public interface PickContext {
  /** The hash that keeps related requests together: of the source address, unless configured. */
  long hash();

  /** The event loop's own source of chance. */
  RandomGenerator random();

  /** Whether this backend was tried already for this request or connection. */
  boolean tried(Backend backend);
}

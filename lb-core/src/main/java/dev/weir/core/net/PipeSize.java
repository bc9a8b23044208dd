package dev.weir.core.net;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code fcntl(F_SETPIPE_SZ)}, for which neither the JDK nor Netty has a call. From JDK 22 on it is
 * made through {@code java.lang.foreign}, which is found by reflection, since Weir is compiled for
 * 17. Made once by {@link Pipes}; any thread.
 */
final class PipeSize {
  private static final Logger LOG = LoggerFactory.getLogger(PipeSize.class);

  // As in the kernel's headers.
  private static final int F_SETPIPE_SZ = 1031;
  private static final String FOREIGN = "java.lang.foreign.";

  private final MethodHandle fcntl;

  private PipeSize(MethodHandle fcntl) {
    this.fcntl = fcntl;
  }

  /** The call; empty on a JDK before 22. Takes some tens of milliseconds the first time. */
  static Optional<PipeSize> find() {
    try {
      return Optional.of(new PipeSize(handle()));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError none) {
      LOG.debug("no call for the size of pipes on this JDK: {}", none.toString());
      return Optional.empty();
    }
  }

  // Linker.nativeLinker().downcallHandle(<fcntl>, int(int, int, int), firstVariadicArg(2))
  private static MethodHandle handle() throws ReflectiveOperationException {
    Class<?> linkers = Class.forName(FOREIGN + "Linker");
    Object linker = linkers.getMethod("nativeLinker").invoke(null);
    Object symbols = linkers.getMethod("defaultLookup").invoke(linker);
    Optional<?> address =
        (Optional<?>)
            Class.forName(FOREIGN + "SymbolLookup")
                .getMethod("find", String.class)
                .invoke(symbols, "fcntl");
    Object integer = Class.forName(FOREIGN + "ValueLayout").getField("JAVA_INT").get(null);
    Object three = arrayOf(Class.forName(FOREIGN + "MemoryLayout"), integer, integer, integer);
    Class<?> functions = Class.forName(FOREIGN + "FunctionDescriptor");
    Class<?> layouts = Class.forName(FOREIGN + "MemoryLayout");
    Object function =
        functions.getMethod("of", layouts, three.getClass()).invoke(null, integer, three);
    Class<?> options = Class.forName(FOREIGN + "Linker$Option");
    Object variadic = options.getMethod("firstVariadicArg", int.class).invoke(null, 2);
    Object only = arrayOf(options, variadic);
    Class<?> segments = Class.forName(FOREIGN + "MemorySegment");
    return (MethodHandle)
        linkers
            .getMethod("downcallHandle", segments, functions, only.getClass())
            .invoke(linker, address.orElseThrow(), function, only);
  }

  private static Object arrayOf(Class<?> type, Object... elements) {
    Object array = Array.newInstance(type, elements.length);
    for (int i = 0; i < elements.length; i++) {
      Array.set(array, i, elements[i]);
    }
    return array;
  }

  /**
   * Gives a pipe the size.
   *
   * @return the size it has now, in bytes; -1 when the kernel does not grant it: the user has more
   *     in pipes than {@code /proc/sys/fs/pipe-user-pages-soft}, or asks for more than {@code
   *     pipe-max-size}
   */
  int set(int descriptor, int bytes) {
    try {
      return (int) fcntl.invokeExact(descriptor, F_SETPIPE_SZ, bytes);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

package dev.weir.core.net;

import dev.weir.core.config.SocketConfig;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file that a Unix socket of ours is found by, from the bind until we end. Made on a worker;
 * removed by whoever closes the socket.
 */
final class SocketFile {
  // The type in the mode of a file, as in stat(2).
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final Object identity;

  private SocketFile(Path path, Object identity) {
    this.path = path;
    this.identity = identity;
  }

  /**
   * Makes room for a bind: removes the file when nobody listens there any more.
   *
   * @throws IOException when somebody does, or when it is something else than a socket
   */
  static void clear(DomainSocketAddress address) throws IOException {
    Path path = Path.of(address.path());
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE) != SOCKET) {
      throw new IOException("there is something that is no socket");
    }
    Socket caller = Socket.newSocketDomain();
    try {
      connect(caller, address);
    } catch (ConnectException nobody) {
      if (nobody.getMessage().contains("refused")) {
        Files.deleteIfExists(path);
        return;
      }
    } finally {
      caller.close();
    }
    throw new IOException("somebody listens there already");
  }

  /**
   * Connects to a Unix socket, or another address. The kernel says of a Unix socket at once whether
   * that works (unix(7)), and in its own way why not.
   */
  static boolean connect(Socket socket, SocketAddress to) throws IOException {
    try {
      return socket.connect(to);
    } catch (FileNotFoundException none) {
      throw new ConnectException("refused: there is no such socket");
    } catch (ConnectException failure) {
      boolean full = failure.getMessage().contains("temporarily unavailable");
      if (full && to instanceof DomainSocketAddress) {
        throw new ConnectException("the queue of the socket is full");
      }
      throw failure;
    }
  }

  /** The file of a socket that was just bound and does not listen yet; as configured. */
  static SocketFile of(DomainSocketAddress address, SocketConfig config) throws IOException {
    Path path = Path.of(address.path());
    SocketFile file = new SocketFile(path, identity(path));
    try {
      file.configure(config);
      return file;
    } catch (IOException | RuntimeException failure) {
      file.remove();
      throw failure;
    }
  }

  private void configure(SocketConfig config) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
    if (config.owner() != null) {
      view.setOwner(found("user", config.owner(), users::lookupPrincipalByName));
    }
    if (config.group() != null) {
      view.setGroup(found("group", config.group(), users::lookupPrincipalByGroupName));
    }
    if (config.mode() != null) {
      view.setPermissions(permissions(Integer.parseInt(config.mode(), 8)));
    }
  }

  /** Asks the machine for a user or group. */
  private interface LookUp<P> {
    P of(String name) throws IOException;
  }

  // The exception has the name on some JDKs only.
  private static <P> P found(String kind, String name, LookUp<P> users) throws IOException {
    try {
      return users.of(name);
    } catch (UserPrincipalNotFoundException unknown) {
      throw new IOException("there is no " + kind + " '" + name + "'", unknown);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    // They are declared in the order of the bits, from the highest.
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode >> (all.length - 1 - i) & 1) != 0) {
        granted.add(all[i]);
      }
    }
    return granted;
  }

  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  /** Removes the file, unless it is another's by now. Repeatable. */
  void remove() {
    try {
      if (identity.equals(identity(path))) {
        Files.delete(path);
      }
    } catch (IOException gone) {
      // Somebody was faster; there is nothing left of ours.
    }
  }
}

package dev.weir.admin.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The bearer token of the admin API, {@code lbk_<id>_<256 bits in hex>}, as this process knows it:
 * its id and its hash, not itself. The file in the state folder is written once, by the first
 * start; it is read by the clients of the owner.
 */
public final class AdminToken {
  /** The file's name in the state folder. */
  public static final String FILE = "admin.token";

  private static final Pattern FORM = Pattern.compile("lbk_([0-9a-f]{8})_[0-9a-f]{64}");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final String id;
  private final byte[] hash;

  private AdminToken(String id, byte[] hash) {
    this.id = id;
    this.hash = hash;
  }

  /**
   * A token from its text.
   *
   * @throws IllegalArgumentException when it does not have the form of one; the text is not shown
   */
  public static AdminToken of(String token) {
    var form = FORM.matcher(token);
    if (!form.matches()) {
      throw new IllegalArgumentException("not a token of the form lbk_<id>_<64 hex digits>");
    }
    return new AdminToken(form.group(1), sha256(token));
  }

  /**
   * The token of a state folder, made when there is none yet; both are then for their owner only.
   * Blocks.
   *
   * @throws IOException with a sentence that names the file, when it cannot be read or made, is not
   *     a token, or is open to others
   */
  public static AdminToken loadOrCreate(Path state, SecureRandom random) throws IOException {
    Path file = state.resolve(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      create(state, file, random);
    }
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            file + " can be read by others than its owner; chmod 600, or remove it for a new one");
      }
    }
    if (Files.size(file) > 1024) {
      throw new IOException(file + " is not an admin token: too large");
    }
    try {
      return of(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + " is " + malformed.getMessage(), malformed);
    }
  }

  private static void create(Path state, Path file, SecureRandom random) throws IOException {
    if (!Files.isDirectory(state)) {
      Path parent = state.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          state,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    byte[] bits = new byte[36];
    random.nextBytes(bits);
    HexFormat hex = HexFormat.of();
    String token = "lbk_" + hex.formatHex(bits, 0, 4) + "_" + hex.formatHex(bits, 4, 36) + "\n";
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path draft = state.resolve(FILE + "." + hex.formatHex(bits, 0, 4));
    try (FileChannel out = FileChannel.open(draft, options, owner)) {
      ByteBuffer text = ByteBuffer.wrap(token.getBytes(StandardCharsets.ISO_8859_1));
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    try {
      // A link instead of a move: it cannot replace the token of a process that was faster.
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException faster) {
      return;
    } finally {
      Files.delete(draft);
    }
  }

  /** Which token this is; not secret. */
  public String id() {
    return id;
  }

  /**
   * Whether this is the token, found out in a time that does not depend on how much of it is right.
   *
   * @param presented anything; not null
   */
  public boolean matches(String presented) {
    return MessageDigest.isEqual(hash, sha256(presented));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The id only. */
  @Override
  public String toString() {
    return "token " + id;
  }
}

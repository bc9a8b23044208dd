package dev.weir.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The real file system. Logs are random access files and not channels: a channel is closed when its
 * thread is interrupted.
 */
final class FileDisk implements Disk {
  @Override
  public void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      createFolder(parent);
    }
    try {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw new IOException(folder + " is not a folder", e);
      }
    }
    if (parent != null) {
      syncFolder(parent);
    }
  }

  @Override
  public Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Log open(Path file) throws IOException {
    makePrivate(file);
    return new OpenFile(new RandomAccessFile(file.toFile(), "rw"));
  }

  private static void makePrivate(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException there) {
      // as it is: whoever made it readable for others meant it
      return;
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    makePrivate(file);
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
    try {
      FileLock lock = open.getChannel().tryLock();
      if (lock == null) {
        throw new IOException(taken(file, open));
      }
      sign(open);
      return open;
    } catch (OverlappingFileLockException e) {
      open.close();
      throw new IOException("the state folder " + file.getParent() + " is open in this process", e);
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  /** For the message to others only: a full disk must not keep us from starting. */
  private static void sign(RandomAccessFile open) {
    try {
      open.setLength(0);
      open.write((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException unsigned) {
      return;
    }
  }

  private static String taken(Path file, RandomAccessFile open) throws IOException {
    String owner = open.readLine();
    boolean pid = owner != null && owner.matches("\\d{1,10}");
    return "the state folder "
        + file.getParent()
        + " is in use by another process"
        + (pid ? ", number " + owner : "");
  }

  private record OpenFile(RandomAccessFile file) implements Log {
    @Override
    public void write(long offset, byte[] bytes) throws IOException {
      file.seek(offset);
      file.write(bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.setLength(size);
    }

    @Override
    public void sync() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

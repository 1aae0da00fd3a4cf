import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs another program's main method and halts when stdin closes: the pipe closes when the parent ends, however it ends.
 * Usage: Watched main.Class arguments…
 */
public class Watched {
  public static void main(String[] args) throws Throwable {
    haltWhenStdinCloses();
    try {
      Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void haltWhenStdinCloses() {
    Thread watchdog = new Thread(() -> {
      try {
        while (System.in.read() != -1) continue;
      } catch (IOException e) {
        e.printStackTrace();
      }
      Runtime.getRuntime().halt(1);
    }, "parent-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
  }
}

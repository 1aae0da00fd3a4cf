import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A KRaft server that prints READY once it serves.
 * Usage: BrokerMain server.properties [--until-stdin-closes]
 */
public class BrokerMain {
  public static void main(String[] args) throws Exception {
    if (args.length > 1 && args[1].equals("--until-stdin-closes")) haltWhenStdinCloses();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(reader);
    }
    KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    try {
      server.startup();
    } catch (Throwable error) {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    System.out.println("READY");
    System.out.flush();
    server.awaitShutdown();
  }

  /** The pipe closes when the parent ends, however it ends. */
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

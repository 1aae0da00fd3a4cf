import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes the lines of a file as values without keys, round robin over the partitions, in full batches of the producer's default size.
 * Usage: Lines bootstrap topic partitions file
 */
public class Lines {
  private static final int LINGER_MS = 60_000;

  public static void main(String[] args) throws Exception {
    int partitions = Integer.parseInt(args[2]);
    AtomicReference<Exception> refused = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = open(args[0]); BufferedReader lines = Files.newBufferedReader(Path.of(args[3]))) {
      int n = 0;
      for (String line = lines.readLine(); line != null && refused.get() == null; line = lines.readLine()) {
        byte[] value = line.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(args[1], n++ % partitions, null, value), (metadata, error) -> {
          if (error != null) refused.compareAndSet(null, error);
        });
      }
      producer.flush();
    }
    if (refused.get() != null) throw refused.get();
  }

  private static KafkaProducer<byte[], byte[]> open(String bootstrap) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    properties.put("linger.ms", String.valueOf(LINGER_MS));
    properties.put("delivery.timeout.ms", String.valueOf(3 * LINGER_MS));
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}

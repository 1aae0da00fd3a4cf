import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers whose batches are full or flushed, never cut by a timer. */
public class Producers {
  private static final int LINGER_MS = 60_000;
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  static KafkaProducer<byte[], byte[]> open(Request request) {
    return open(request, null);
  }

  static KafkaProducer<byte[], byte[]> open(Request request, String transactionalId) {
    Properties properties = request.client();
    properties.put("compression.type", request.text("codec", "none"));
    properties.put("batch.size", String.valueOf(request.number("batchBytes", 65_536)));
    properties.put("linger.ms", String.valueOf(LINGER_MS));
    properties.put("delivery.timeout.ms", String.valueOf(2 * LINGER_MS));
    properties.put("max.request.size", String.valueOf(MAX_REQUEST_BYTES));
    properties.put("max.block.ms", "60000");
    properties.put("acks", "all");
    if (transactionalId != null) properties.put("transactional.id", transactionalId);
    Request.strings(request.body.path("producer")).forEach(properties::put);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Returns when all are acknowledged; the first refusal is thrown. */
  static List<RecordMetadata> sendAll(KafkaProducer<byte[], byte[]> producer, Iterable<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) sent.add(producer.send(record));
    producer.flush();
    List<RecordMetadata> acknowledged = new ArrayList<>(sent.size());
    for (Future<RecordMetadata> future : sent) acknowledged.add(future.get());
    return acknowledged;
  }
}

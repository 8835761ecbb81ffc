"""A server that says its name, NAME, with every line that it echoes; it answers HTTP requests with 200."""

import asyncio
import sys


async def serve(reader, writer):
    try:
        while line := await reader.readline():
            if line.startswith(b"GET "):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                break
            writer.write(sys.argv[1].encode() + b" " + line)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main():
    async with await asyncio.start_server(serve, "0.0.0.0", 80, backlog=512) as server:
        await server.serve_forever()


asyncio.run(main())

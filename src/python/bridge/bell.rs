//! The bell: a file descriptor an event loop watches, rung by threads that know nothing of Python.

pub use system::Bell;

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io::{Error, Read, Result, Write};
    use std::os::fd::{AsRawFd, FromRawFd, RawFd};

    /// An eventfd: rings add up, one read takes them all.
    pub struct Bell(File);

    impl Bell {
        pub fn new() -> Result<Bell> {
            // SAFETY: eventfd takes no pointers; the descriptor is checked, and owned by the File from here on.
            let descriptor = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
            if descriptor < 0 {
                return Err(Error::last_os_error());
            }
            // SAFETY: `descriptor` is open and belongs to nobody else.
            Ok(Bell(unsafe { File::from_raw_fd(descriptor) }))
        }

        /// Never blocks: a counter that is full has been rung already.
        pub fn ring(&self) {
            let _ = (&self.0).write(&1_u64.to_ne_bytes());
        }

        pub fn hush(&self) {
            let _ = (&self.0).read(&mut [0; 8]);
        }

        pub fn descriptor(&self) -> RawFd {
            self.0.as_raw_fd()
        }
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
mod system {
    use std::io::{Read, Result, Write};
    use std::os::fd::{AsRawFd, RawFd};
    use std::os::unix::net::UnixStream;

    /// A socket pair: one end is written, the loop watches the other.
    pub struct Bell {
        rope: UnixStream,
        bowl: UnixStream,
    }

    impl Bell {
        pub fn new() -> Result<Bell> {
            let (rope, bowl) = UnixStream::pair()?;
            rope.set_nonblocking(true)?;
            bowl.set_nonblocking(true)?;
            Ok(Bell { rope, bowl })
        }

        /// Never blocks: a full buffer has been rung already.
        pub fn ring(&self) {
            let _ = (&self.rope).write(&[1]);
        }

        pub fn hush(&self) {
            let mut rings = [0; 64];
            while matches!((&self.bowl).read(&mut rings), Ok(n) if n == rings.len()) {}
        }

        pub fn descriptor(&self) -> RawFd {
            self.bowl.as_raw_fd()
        }
    }
}

#[cfg(windows)]
mod system {
    use std::io::{Read, Result, Write};
    use std::net::{TcpListener, TcpStream};
    use std::os::windows::io::{AsRawSocket, RawSocket};

    /// A loopback connection; asyncio's selector loop can watch it (its proactor loop has no `add_reader`).
    pub struct Bell {
        rope: TcpStream,
        bowl: TcpStream,
    }

    impl Bell {
        pub fn new() -> Result<Bell> {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            let rope = TcpStream::connect(listener.local_addr()?)?;
            let own = rope.local_addr()?;
            // Another process may knock first: only our own connection is let in.
            let bowl = loop {
                let (stream, peer) = listener.accept()?;
                if peer == own {
                    break stream;
                }
            };
            rope.set_nonblocking(true)?;
            bowl.set_nonblocking(true)?;
            rope.set_nodelay(true)?;
            Ok(Bell { rope, bowl })
        }

        /// Never blocks: a full buffer has been rung already.
        pub fn ring(&self) {
            let _ = (&self.rope).write(&[1]);
        }

        pub fn hush(&self) {
            let mut rings = [0; 64];
            while matches!((&self.bowl).read(&mut rings), Ok(n) if n == rings.len()) {}
        }

        pub fn descriptor(&self) -> RawSocket {
            self.bowl.as_raw_socket()
        }
    }
}

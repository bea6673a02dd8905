//! Pieces that outlets put into an article, each in the midst of the same one: text that must stay, and what is none.

use kliping::extract;
use url::Url;

use super::{plain, words};

const BEFORE: &str = "<p>Nelayan di Teluk Balikpapan mulai memakai lampu surya untuk menarik ikan pada malam tanpa bulan.</p>\
    <p>Lampu itu dirakit di bengkel kecil milik sekolah kejuruan dan dijual dengan harga terjangkau.</p>";
const AFTER: &str = "<p>Koperasi menyediakan pinjaman tanpa bunga bagi anggota yang hendak membelinya sebelum musim angin selatan.</p>\
    <p>Sampai akhir bulan sudah empat puluh perahu memasangnya di haluan.</p>";

/// The words of the article found where a piece stands in its midst, and of those that should be.
fn found(body: &str) -> Vec<String> {
    let page = format!(
        "<html><head><title>Nelayan Memakai Lampu Surya</title></head><body><header><nav><a href=/>Beranda</a></nav></header>\
         <main><h1>Nelayan Memakai Lampu Surya</h1><div class=info>4 Maret 2025</div>{body}</main><footer>Kabar Teluk</footer></body></html>"
    );
    let url = Url::parse("https://www.kabar.example/berita").unwrap();
    words(&plain(&extract::page(&page, &url, None).html, &url))
}

/// Asserts what is found of `body`: all its words where `⟦` and `⟧` are not, none of those between these.
fn check(body: &str) {
    let (mut kept, mut rest) = (String::new(), body);
    while let Some((text, noise)) = rest.split_once('⟦') {
        kept.push_str(text);
        rest = noise.split_once('⟧').expect("each is closed").1;
    }
    kept.push_str(rest);
    let url = Url::parse("https://www.kabar.example/berita").unwrap();
    assert_eq!(found(&body.replace(['⟦', '⟧'], "")).join(" "), words(&plain(&kept, &url)).join(" "), "{body}");
}

fn midst(piece: &str) {
    check(&format!("<div class=post-content>{BEFORE}{piece}{AFTER}</div>"));
}

fn end(piece: &str) {
    check(&format!("<div class=post-content>{BEFORE}{AFTER}{piece}</div>"));
}

fn beside(piece: &str) {
    check(&format!("<div class=post-content>{BEFORE}{AFTER}</div>⟦{piece}⟧"));
}

#[test]
fn words_of_a_sentence_stay_whatever_they_are_called() {
    for piece in [
        "<a class=internal-link href=/a>cahaya hijau</a>",
        "<a class='auto-tag tags-link' href=/a>cahaya hijau</a>",
        "<a class='btn btn-link' href=/a>cahaya hijau</a>",
        "<span class=label>cahaya hijau</span>",
        "<span class=author>cahaya hijau</span>",
        "<em class=title>cahaya hijau</em>",
        "<time>pukul sembilan</time>",
        "<b><span class=date>cahaya hijau</span></b>",
    ] {
        midst(&format!("<p>Cumi menyukai {piece}, kata seorang juragan kapal.</p>"));
        midst(&format!("<p>Cumi menyukai {piece}</p>"));
        midst(&format!("<ul><li>Cumi menyukai {piece} itu</li></ul>"));
    }
    midst(
        "<p>Menurut <a href=/a>catatan pelabuhan pada dua musim terakhir</a>, ada <a href=/b>enam belas bagan</a> baru.</p>",
    );
    midst("<p><a href=/daftar.pdf>Unduh daftar penerima pinjaman (PDF)</a></p>");
}

#[test]
fn sentences_in_a_named_body_stay_whatever_their_element_is_called() {
    for name in
        ["title", "tanggal", "alert", "notice", "text-editor", "has-link-color", "ck-editor__editable", "share-holder"]
    {
        midst(&format!("<div class='{name}'><p>Satu lampu tahan tiga malam, kata juragan.</p></div>"));
        midst(&format!("<p class='{name}'>Satu lampu tahan tiga malam, kata juragan.</p>"));
    }
    midst("<aside class=fakta><h4>Fakta lampu</h4><p>Sel surya bekerja delapan tahun lamanya.</p></aside>");
    let hidden = "Pemerintah kabupaten berencana menambah dua bengkel agar nelayan di pulau terluar tidak menunggu giliran terlalu lama setiap tahunnya.";
    end(&format!("<div class=read-more-content><p>{hidden}</p></div>"));
    end(&format!("<div class=collapse style='display: none'><p>{hidden}</p></div>"));
    check(&format!("<article class='post category-laut tag-lampu'><div class=entry-content>{BEFORE}</div></article>"));
}

#[test]
fn headings_stay_with_what_they_stand_over() {
    for heading in [
        "<h3 class=header>Tahan tiga malam</h3>",
        "<header><h3>Tahan tiga malam</h3></header>",
        "<h2 class='wp-block-heading has-link-color'>Tahan tiga malam</h2>",
        "<h2 class=accordion-header><button class=accordion-button>Apakah lampunya tahan?</button></h2>",
        "<h3>Tanggapan</h3>",
        "<h3>Rekomendasi</h3>",
        "<h2>Tahan tiga malam</h2>⟦<div class=rel><a href=/x>Harga Solar Naik di Tiga Pelabuhan</a></div>⟧",
    ] {
        midst(&format!("{heading}<p>Satu lampu tahan tiga malam, kata juragan.</p>"));
    }
    end("<h3>Tanggapan</h3><p>Bupati menyatakan akan membeli seratus lampu.</p>");
}

#[test]
fn labels_and_appointments_stay_among_sentences() {
    for piece in [
        "<p>Hari/tanggal: Sabtu, 8 Maret 2025</p><p>Pukul: 09.00 WITA</p><p>Tempat: Balai nelayan</p>",
        "<ul><li>Sabtu, 8 Maret 2025: pelatihan</li><li>Minggu, 9 Maret 2025: pemasangan</li></ul>",
        "<table><tr><td>Pelatihan</td><td>8 Maret 2025</td></tr><tr><td>Pemasangan</td><td>9 Maret 2025</td></tr></table>",
        "<p>Topik pelatihan: merakit lampu dan merawat aki</p>",
        "<p><b>Kategori:</b> Kabar bohong tentang lampu</p>",
        "<p>Sumber: air laut dan sinar matahari di atas geladak menjadi tenaganya.</p>",
        "<p>Ikuti latihan lewat kanal YouTube koperasi, kata ketuanya kepada para nelayan.</p>",
        "<p>Program pencatat hasil itu ditulis dengan JavaScript oleh para siswa.</p>",
        "<div class=acara><div><span class=time>09.00</span><p>Lampu pertama dipasang.</p></div>\
         <div><span class=time>10.30</span><p>Lampu kedua menyusul.</p></div></div>",
    ] {
        midst(piece);
    }
}

#[test]
fn the_edges_of_a_named_body_stay() {
    for piece in [
        "<p>- Lampu tahan air</p><p>- Aki cadangan</p>",
        "<p>Syaratnya:</p><p>1. Anggota koperasi</p><p>2. Memiliki perahu</p>",
        "<p>“Semoga hasilnya melimpah,” kata Wati</p>",
        "<p>Nelayan diminta mendaftar ke koperasi</p>",
        "<p>Keterangan lebih lanjut:</p><p>Pengurus koperasi, telepon 0542-123456</p>",
    ] {
        end(piece);
    }
    for piece in [
        "<b>Penjelasan:</b><br><br>",
        "<h2>Terang di laut</h2>",
        "<ul><li>Lampu dirakit siswa</li><li>Pinjaman tanpa bunga</li></ul>",
    ] {
        check(&format!("<div class=post-content>{piece}{BEFORE}{AFTER}</div>"));
    }
    check(
        "<div class=entry-content><p>laut menyimpan lampu<br>di saku yang basah<br>kami memanggilnya pagi</p>\
         <p>perahu pulang satu-satu<br>membawa garam dan kabar<br>ibu menyalakan tungku</p>\
         <p>di dermaga anak-anak<br>menghitung bintang terakhir</p></div>⟦<div class=box><p>Redaksi menerima kiriman puisi dari pembaca.</p></div>⟧",
    );
}

#[test]
fn what_outlets_put_into_articles_goes() {
    for piece in [
        "<p>Baca pula: <a href=/a>Harga Solar Naik</a></p>",
        "<p><b>Lihat Pula:</b> <a href=/a>Harga Solar Naik</a></p>",
        "<p>Artikel menarik lainnya: <a href=/a>Harga Solar Naik Lagi</a></p>",
        "<p>Jangan lupa baca: <a href=/a>Harga Solar Naik Lagi</a></p>",
        "<p>SCROLL TO RESUME CONTENT</p>",
        "<div>Scroll ke bawah untuk melanjutkan</div>",
        "<div>Konten Sponsor</div>",
        "<p>[Gambas:Video Kabar]</p>",
        "<div class='border p-2'><h4>Berlangganan Buletin Pesisir</h4><p>Cerita laut di kotak masuk Anda saban Senin.</p><button>Daftar</button></div>",
        "<div class=kotak><b>Surat Pesisir</b><p>Cerita laut saban Senin.</p><form><input name=surel></form></div>",
        "<div class=widget><span>Pilihan Untukmu</span><a href=/a><img src=a.jpg></a><a href=/a>Harga Solar Naik di Tiga Pelabuhan</a><span>12 jam lalu</span></div>",
        "<div class=poll><p>Setujukah Anda lampu dibagikan?</p></div>",
        "<div><span>Tonton: Perahu Surya Mengarungi Teluk</span></div>",
        "<p>Ringkasan dibuat dengan AI</p>",
    ] {
        midst(&format!("⟦{piece}⟧"));
    }
    for piece in [
        "<p>Dilarang mengutip isi berita ini tanpa izin tertulis dari redaksi.</p>",
        "<p>Isi di luar tanggung jawab redaksi.</p>",
        "<p><a href='javascript:print()'>Cetak berita ini</a> | <a href=/t>Kirim ke teman</a></p>",
        "<p>Berita ini 45 kali dibaca</p>",
    ] {
        end(&format!("⟦{piece}⟧"));
    }
}

#[test]
fn what_stands_beside_a_named_body_is_no_part_of_it() {
    beside("<div class=blok><p>Jalan Pelabuhan Nomor 7, Balikpapan. Layanan pengaduan: 0811-000-111</p></div>");
    beside("<div class=cc><p>Kami memakai kuki agar laman berjalan lancar. Dengan melanjutkan, Anda setuju.</p></div>");
    beside(
        "<div class=kirim><p>Meja kami terbuka untuk naskah warga. Kirim ke surel@teluk.example dengan biodata.</p></div>",
    );
    beside(
        "<div class=k><b>Budi</b><p>Semoga lampunya awet dan tidak dicuri.</p><b>Wati</b><p>Bagus, tambah lagi bengkelnya.</p></div>",
    );
}

#[test]
fn a_body_whose_name_nobody_knows_is_trusted_where_it_is_alone() {
    check(&format!(
        "<div class=qz>{BEFORE}<p>Pukul: 09.00 WITA</p>{AFTER}<p>Nelayan diminta mendaftar ke koperasi</p></div>"
    ));
    check(&format!(
        "<div class=qz>{BEFORE}{AFTER}<p>1. Lampu tahan air</p><p>2. Aki cadangan</p></div>\
         ⟦<div class=blok><p>Jalan Pelabuhan Nomor 7, Balikpapan. Layanan pengaduan: 0811-000-111</p></div>⟧"
    ));
}

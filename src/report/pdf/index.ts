export { pdfOutput } from "./report-pdf.ts"
export { type PdfSigner, pdfSignerOf } from "./signature.ts"

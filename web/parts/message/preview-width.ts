export type PreviewWidth = 'phone' | 'tablet' | 'full';
